// The emulator's clock. Everything that happens later is an entry here, so that a test can move
// the clock on (an hour until outputs are deleted) instead of waiting for it.

const TIMER_MS_MAX = 2 ** 31 - 1;

export class Calendar {
    #offset = 0;
    #entries = new Set();

    now() {
        return Date.now() + this.#offset;
    }

    // ISO-8601 UTC with microseconds, as Replicate writes it.
    iso(ms = this.now()) {
        return new Date(ms).toISOString().replace('Z', '000Z');
    }

    // Runs `act` in `ms`; gives back what calls it off.
    after(ms, act) {
        const entry = { due: this.now() + ms, act };
        this.#entries.add(entry);
        this.#arm(entry);
        return () => this.#drop(entry);
    }

    sleep(ms) {
        return new Promise((resolve) => this.after(ms, resolve));
    }

    // Moves the clock on, stopping at each entry that comes due on the way.
    advance(ms) {
        const target = this.now() + ms;
        for (;;) {
            const next = [...this.#entries].sort((a, b) => a.due - b.due)[0];
            if (!next || next.due > target) break;
            this.#offset += Math.max(0, next.due - this.now());
            this.#drop(next);
            next.act();
        }
        this.#offset += Math.max(0, target - this.now());
        for (const entry of this.#entries) this.#arm(entry);
    }

    close() {
        for (const entry of [...this.#entries]) this.#drop(entry);
    }

    #arm(entry) {
        clearTimeout(entry.timer);
        const wait = Math.min(Math.max(0, entry.due - this.now()), TIMER_MS_MAX);
        entry.timer = setTimeout(() => {
            if (this.#drop(entry)) entry.act();
        }, wait);
        entry.timer.unref();
    }

    #drop(entry) {
        clearTimeout(entry.timer);
        return this.#entries.delete(entry);
    }
}
