import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

const LONGEST = 12;

/** The Test Anything Protocol, as the rest of the suite speaks it. */
export default class Tap implements Reporter {
  private count = 0;
  private took: [seconds: number, row: string][] = [];
  onBegin(_config: FullConfig, suite: Suite) { console.log(`TAP version 13\n1..${suite.allTests().length}`); }
  onTestEnd(test: TestCase, result: TestResult) {
    const good = result.status === test.expectedStatus || result.status === 'skipped';
    const row = test.titlePath().slice(1).filter(Boolean).join(': ').replace(/#/g, '');
    this.took.push([result.duration / 1000, row]);
    const skip = result.status === 'skipped' ? ' # SKIP' : '';
    console.log(`${good ? 'ok' : 'not ok'} ${++this.count} - ${row}${skip}`);
    if (!good) for (const e of result.errors) console.log(`${e.message ?? ''}\n${e.stack ?? ''}`.replace(/\u001b\[[0-9;]*m/g, '').split('\n').map(line => `# ${line}`).join('\n'));
  }
  /** Where the time went, for whoever wants it back; of ./do bench the rows of numbers are all that is said. */
  onEnd() {
    if (process.env.BENCH) return;
    const longest = this.took.sort(([a], [b]) => b - a).slice(0, LONGEST), all = this.took.reduce((sum, [seconds]) => sum + seconds, 0);
    for (const [seconds, row] of longest) console.log(`# ${seconds.toFixed(1).padStart(6)} s  ${row}`);
    console.log(`# ${all.toFixed(1).padStart(6)} s  all ${this.took.length} rows, without starting servers`);
  }
  onStdOut(said: string | Buffer) { process.stdout.write(said); }      // rows of numbers, as comments
  onError(error: { message?: string; stack?: string }) { console.log(`# ${error.stack ?? error.message ?? ''}`); }
  printsToStdio() { return true; }
}
