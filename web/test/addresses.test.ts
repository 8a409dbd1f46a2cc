import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Addresses } from '@/features/player/addresses';

const media = (address: string) => ({ dataset: { file: address.split('?')[0] }, getAttribute: () => address }) as unknown as HTMLMediaElement;

describe('an address that is refused', () => {
  const newest = { value: '' }, owner = { addressOf: () => newest.value, askAnew: vi.fn(), tryAgain: vi.fn() };
  let addresses: Addresses;
  beforeEach(() => { vi.useFakeTimers(); vi.clearAllMocks(); addresses = new Addresses(owner); });
  afterEach(() => { addresses.stop(); vi.useRealTimers(); });

  it('gives way to a newer one that is at hand', () => {
    newest.value = '/a.mp4?s=2';
    addresses.refuse(media('/a.mp4?s=1'));
    expect([owner.tryAgain.mock.calls.length, owner.askAnew.mock.calls.length]).toEqual([1, 0]);
    expect(addresses.isRefused('/a.mp4?s=1')).toBe(true);
  });
  it('is asked for anew when there is none, and gets another chance a little later each time', () => {
    newest.value = '/a.mp4?s=1';
    for (const wait of [1000, 2000, 4000]) {
      addresses.refuse(media('/a.mp4?s=1'));
      vi.advanceTimersByTime(wait - 1);
      expect(addresses.isRefused('/a.mp4?s=1')).toBe(true);
      vi.advanceTimersByTime(1);
      expect(addresses.isRefused('/a.mp4?s=1')).toBe(false);
    }
    expect([owner.tryAgain.mock.calls.length, owner.askAnew.mock.calls.length]).toEqual([3, 3]);
  });
  it('is left alone after some times, until the file came once', () => {
    newest.value = '/a.mp4?s=1';
    for (let i = 0; i < 7; i++) { addresses.refuse(media('/a.mp4?s=1')); vi.advanceTimersByTime(100_000); }
    expect(owner.tryAgain).toHaveBeenCalledTimes(6);
    addresses.came(media('/a.mp4?s=1'));
    addresses.refuse(media('/a.mp4?s=1'));
    vi.advanceTimersByTime(1000);
    expect(owner.tryAgain).toHaveBeenCalledTimes(7);
  });
});
