// The fault plan: what goes wrong, when.
//
//   {"seed": 1, "listingLagMs": 0, "rules": [
//       {"provider": "replicate", "op": "predictions.create", "fault": "drop-after", "nth": [2, 5]},
//       {"op": "run", "model": "google/veo-3.1-fast", "fault": "refused", "rate": 0.3, "times": 4}]}
//
// A rule counts the calls it matches (provider, op, model, and of the run of a video `words` that are
// in its prompt; each may be left out) and strikes at the `nth` of them, at every `every`-th, or by chance (`rate`, from the seed); always without any of
// these; `times` bounds how often. The first rule that strikes decides.
//
// On the wire, op is the call ("predictions.create"; README.md lists them):
//   drop-before          the connection ends, nothing happened
//   drop-after           it happened, the connection ends without an answer
//   error-before, -after the same with `status` (500); `html` for a page instead of JSON
//   rate-limit           429; `retryAfter` seconds in the header, `retryAfterBody` in the body, `daily`
//   no-credit, bad-key   402, 401 in the provider's words
//   html, garbage        200 with a page, with half a JSON text
//   truncated            the headers promise the whole body, half of it comes
//   slow, delay          the body over `ms`, the answer after `ms`
//   wrong-types          members named in `members` (all without) have another JSON type
//   redirect             answered with 302 to `to`
// Of a run, op "run" (what may happen to it depends on the provider):
//   refused (`shape`), failed (`error`), stuck, aborted, unknown-status, listing-lag (`ms`),
//   expired-output, output: "short" | "wrong-size" | "not-video" | "silent" (music) | "none"

export const WIRE_FAULTS = new Set([
    'drop-before', 'drop-after', 'error-before', 'error-after', 'rate-limit', 'no-credit', 'bad-key', 'html',
    'garbage', 'truncated', 'slow', 'delay', 'wrong-types', 'redirect',
]);

// Mulberry32: chance that is the same in every run.
function chance(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let x = Math.imul(state ^ (state >>> 15), state | 1);
        x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
        return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
    };
}

export class Faults {
    constructor(plan = {}) {
        this.set(plan);
    }

    set(plan) {
        this.plan = plan;
        this.random = chance(plan.seed ?? 1);
        this.rules = (plan.rules ?? []).map((rule) => ({ ...rule, seen: 0, struck: 0 }));
    }

    // The rule that strikes this call, or undefined.
    draw(provider, op, model = '', words = '') {
        return this.rules.find((rule) => this.#matches(rule, provider, op, model, words) && this.#strikes(rule));
    }

    #matches(rule, provider, op, model, words) {
        return (!rule.provider || rule.provider === provider) && (rule.op ?? op) === op &&
            (rule.op || WIRE_FAULTS.has(rule.fault) === (op !== 'run')) &&
            (!rule.model || rule.model === model) && (!rule.words || words.includes(rule.words));
    }

    #strikes(rule) {
        rule.seen++;
        if (rule.times !== undefined && rule.struck >= rule.times) return false;
        if (rule.nth && !rule.nth.includes(rule.seen)) return false;
        if (rule.every && rule.seen % rule.every !== 0) return false;
        if (rule.rate !== undefined && this.random() >= rule.rate) return false;
        rule.struck++;
        return true;
    }
}
