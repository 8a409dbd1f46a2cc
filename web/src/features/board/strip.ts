import { Layout, LayoutInfo, Rect, Size, type DropTarget, type ItemDropTarget, type Key } from 'react-aria-components';

/** Cards of one size, one behind the other: along, filling the height, or down, filling the width. */
export type StripOptions = { along: boolean; size: number; gap: number; padding: number };
type Change = Parameters<Layout['update']>[0] & { layoutOptions?: StripOptions };
const LINE = 4;

/** Of the cards of a long board only those in sight are drawn, and the one that has the focus. */
export class Strip extends Layout {
  private options: StripOptions = { along: true, size: 1, gap: 0, padding: 0 };
  private keys: Key[] = [];
  private places = new Map<Key, number>();
  private infos = new Map<Key, LayoutInfo>();

  update(change: Change) {
    if (change.layoutOptions) this.options = change.layoutOptions;
    this.keys = Array.from(this.virtualizer!.collection, node => node.key);      // getKeys() is in the order of arrival
    this.places = new Map(this.keys.map((key, i) => [key, i]));
    for (const key of this.infos.keys()) if (!this.places.has(key)) this.infos.delete(key);
  }
  shouldInvalidateLayoutOptions(now: StripOptions, before: StripOptions) { return now !== before; }

  getContentSize() {
    const { along, size, gap, padding } = this.options, seen = this.virtualizer!.size;
    const length = this.keys.length * (size + gap) - gap + 2 * padding;
    return along ? new Size(length, seen.height) : new Size(seen.width, length);
  }

  getLayoutInfo(key: Key) {
    const place = this.places.get(key);
    if (place === undefined) return null;
    const rect = this.rectAt(place), known = this.infos.get(key);
    if (known?.rect.equals(rect)) return known;
    const info = new LayoutInfo('item', key, rect);
    info.allowOverflow = true;
    this.infos.set(key, info);
    return info;
  }

  getVisibleLayoutInfos(rect: Rect) {
    const { along } = this.options, from = this.placeAt(along ? rect.x : rect.y), to = this.placeAt(along ? rect.maxX : rect.maxY);
    const places = new Set<number>();
    for (let i = from; i <= to; i++) places.add(i);
    for (const key of this.virtualizer!.persistedKeys) { const i = this.places.get(key); if (i !== undefined) places.add(i); }
    return [...places].sort((a, b) => a - b).flatMap(i => this.getLayoutInfo(this.keys[i]!) ?? []);
  }

  getDropTargetFromPoint(x: number, y: number, valid: (target: DropTarget) => boolean): DropTarget {
    const { along, size, gap, padding } = this.options, at = along ? x + this.virtualizer!.visibleRect.x : y;
    const place = this.placeAt(at), key = this.keys[place];
    if (key === undefined) return { type: 'root' };
    const first = at < padding + place * (size + gap) + size / 2 ? 'before' : 'after';
    const target: ItemDropTarget = { type: 'item', key, dropPosition: first };
    return valid(target) ? target : { ...target, dropPosition: first === 'before' ? 'after' : 'before' };
  }

  getDropTargetLayoutInfo(target: ItemDropTarget) {
    const { along, gap } = this.options, r = this.rectAt(this.places.get(target.key) ?? 0);
    const middle = target.dropPosition === 'before' ? -gap / 2 : (along ? r.width : r.height) + gap / 2;
    const rect = along ? new Rect(r.x + middle - LINE / 2, r.y, LINE, r.height) : new Rect(r.x, r.y + middle - LINE / 2, r.width, LINE);
    return new LayoutInfo('dropIndicator', `${target.key}:${target.dropPosition}`, rect);
  }

  private placeAt(at: number) {
    const { size, gap, padding } = this.options;
    return Math.max(0, Math.min(this.keys.length - 1, Math.floor((at - padding) / (size + gap))));
  }
  private rectAt(place: number) {
    const { along, size, gap, padding } = this.options, seen = this.virtualizer!.size, start = padding + place * (size + gap);
    return along ? new Rect(start, padding, size, seen.height - 2 * padding) : new Rect(padding, start, seen.width - 2 * padding, size);
  }
}
