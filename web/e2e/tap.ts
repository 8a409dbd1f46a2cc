import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/** The Test Anything Protocol, as the rest of the suite speaks it. */
export default class Tap implements Reporter {
  private count = 0;
  onBegin(_config: FullConfig, suite: Suite) { console.log(`TAP version 13\n1..${suite.allTests().length}`); }
  onTestEnd(test: TestCase, result: TestResult) {
    const good = result.status === test.expectedStatus || result.status === 'skipped';
    const skip = result.status === 'skipped' ? ' # SKIP' : '';
    console.log(`${good ? 'ok' : 'not ok'} ${++this.count} - ${test.titlePath().slice(1).filter(Boolean).join(': ').replace(/#/g, '')}${skip}`);
    if (!good) for (const e of result.errors) console.log(`${e.message ?? ''}\n${e.stack ?? ''}`.replace(/\u001b\[[0-9;]*m/g, '').split('\n').map(line => `# ${line}`).join('\n'));
  }
  onStdOut(said: string | Buffer) { process.stdout.write(said); }      // rows of numbers, as comments
  onError(error: { message?: string; stack?: string }) { console.log(`# ${error.stack ?? error.message ?? ''}`); }
  printsToStdio() { return true; }
}
