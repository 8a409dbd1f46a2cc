// What the providers would have billed: one JSON object a line, appended and never changed, so that
// it outlives a kill of the emulator and of everything that talks to it.
//
//   accepted   a run exists from here on      {provider, id, model, usd, seed, input, webhook}
//   given      what a lip-sync works on      {provider, id, seconds, video, audio: {seconds, sha256}}
//   billed     it has been charged for        {provider, id, model, usd}
//   unbilled   it ended without a charge      {provider, id, model, why}
//   fault      the plan broke something       {provider, op, fault}
//   leak       a key came where none may go   {provider, header}

import { appendFileSync } from 'node:fs';

export class Ledger {
    constructor(path, calendar) {
        this.path = path;
        this.calendar = calendar;
        this.lines = [];
    }

    write(event, entry) {
        const line = { at: this.calendar.iso(), event, ...entry };
        this.lines.push(line);
        if (this.path) appendFileSync(this.path, JSON.stringify(line) + '\n');
    }

    of(event) {
        return this.lines.filter((line) => line.event === event);
    }

    usd() {
        return this.of('billed').reduce((sum, line) => sum + line.usd, 0);
    }
}
