// The real program on a data folder of its own and a free port. Stopped by its process id, always.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.STORYREEL;
const alive = new Set();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

export class Server {
  // args: further options of `storyreel serve`; data: a folder to keep (default: a new one, gone after stop)
  constructor({ args = [], env = {}, data } = {}) {
    this.args = args;
    this.env = env;
    this.temporary = !data;
    this.data = data ?? mkdtempSync(join(tmpdir(), 'storyreel-api-'));
  }

  static async start(options) {
    const server = new Server(options);
    await server.run();
    return server;
  }

  async run(port = 0) {
    this.log = '';
    this.child = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`, '--data', this.data, ...this.args],
      { env: { ...process.env, STORYREEL_TOKEN: '', ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    alive.add(this.child);
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => {
      alive.delete(this.child);
      resolve(signal ?? code);
    }));
    this.url = await this.#ready();
    this.port = Number(new URL(this.url).port);
    this.pid = this.child.pid;
  }

  #ready() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server did not start\n${this.log}`)), 60_000);
      let said = '';
      this.child.stdout.on('data', (bytes) => {
        said += bytes;
        const line = /listens on (http:\/\/\S+?)\/?\s/.exec(said);
        if (line) { clearTimeout(late); resolve(line[1]); }
      });
      this.child.stderr.on('data', (bytes) => { this.log = (this.log + bytes).slice(-100_000); });
      this.child.once('error', reject);
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}\n${said}${this.log}`)));
    });
  }

  async stop() {
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
    const how = await this.ended;
    clearTimeout(late);
    if (this.temporary) rmSync(this.data, { recursive: true, force: true });
    return how;
  }

  async crash() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async restart(how = 'SIGTERM') {
    this.child.kill(how);
    await this.ended;
    await this.run(this.port);
  }
}
