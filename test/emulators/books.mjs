// Two sets of books side by side: what the emulator billed, which nobody can change afterwards, and what Storyreel's
// ledger says of the same calls.

/** `ledger` of the emulator; `entries` of ours, of one project or of several. */
export function compareBooks(ledger, entries) {
    const billed = ledger.of('billed').map((e) => e.id).sort();
    const accepted = new Map(ledger.of('accepted').map((e) => [e.id, e]));
    const paid = entries.filter((e) => e.state === 'settled' || e.state === 'wasted');
    const inputs = new Set(billed.map((id) => accepted.get(id).input));
    const bought = (input) => billed.filter((id) => accepted.get(id).input === input);
    const words = (id) => JSON.stringify({ id, at: accepted.get(id).at, ...entries.find((e) => e.ticket === id) });
    return {
        twice: [...inputs].filter((input) => bought(input).length > 1).map((input) => bought(input).map(words).join(' and ')),
        charges: billed.length, faults: ledger.of('fault').length, duplicates: billed.length - inputs.size,
        wasted: paid.filter((e) => e.state === 'wasted').length,
        unknown: billed.filter((id) => !paid.some((e) => e.ticket === id)).length,
        invented: paid.filter((e) => !billed.includes(e.ticket)).length,
        open: entries.filter((e) => !['settled', 'wasted', 'released'].includes(e.state)).length,
    };
}
