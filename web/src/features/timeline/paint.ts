import type { SongMap } from '@/api/client';

export type View = { width: number; height: number; scroll: number; scale: number };  // pixels; scale: pixels a second
type Colours = { wave: string; soft: string; line: string; strong: string; faint: string };

const sectionHeight = 20;

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element), of = (name: string) => style.getPropertyValue(name).trim();
  return { wave: of('--audio'), soft: of('--audio-soft'), line: of('--line'), strong: of('--line-strong'), faint: of('--faint') };
}

/** Sections, bars and beats as far as there is room for them, and the song itself. */
export function paintSong(canvas: HTMLCanvasElement, map: SongMap | undefined, view: View, top: number) {
  const ratio = devicePixelRatio || 1, c = canvas.getContext('2d');
  if (!c) return;
  if (canvas.width !== Math.round(view.width * ratio) || canvas.height !== Math.round(view.height * ratio)) {
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
  }
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, view.width, view.height);
  if (!map) return;
  const colours = coloursOf(canvas);
  paintGrid(c, map, view, colours);
  paintWave(c, map, view, top, colours);
}

const visible = (t: number, v: View) => { const x = t * v.scale - v.scroll; return x > -2 && x < v.width + 2 ? x : null; };

function paintGrid(c: CanvasRenderingContext2D, map: SongMap, v: View, colours: Colours) {
  const bars = map.bars.length > 1 ? (map.bars.at(-1)! - map.bars[0]!) / (map.bars.length - 1) : 0;
  const beats = map.beats.length > 1 ? (map.beats.at(-1)! - map.beats[0]!) / (map.beats.length - 1) : 0;
  const lines = (times: number[], alpha: number) => {
    c.globalAlpha = alpha;
    c.fillStyle = colours.strong;
    for (const t of times) { const x = visible(t, v); if (x !== null) c.fillRect(Math.round(x), sectionHeight, 1, v.height - sectionHeight); }
  };
  if (beats * v.scale >= 6) lines(map.beats, 0.22);
  if (bars * v.scale >= 8) lines(map.bars, 0.5);
  lines(map.sections.slice(1).map(s => s.start), 0.8);
  c.globalAlpha = 1;
}

function paintWave(c: CanvasRenderingContext2D, map: SongMap, v: View, top: number, colours: Colours) {
  const height = v.height - top - 6, middle = top + height / 2, step = 3;
  const each = map.duration / map.peaks.length;
  c.fillStyle = colours.wave;
  for (let x = -(v.scroll % step); x < v.width; x += step) {
    const from = Math.floor((v.scroll + x) / v.scale / each), to = Math.max(from + 1, Math.floor((v.scroll + x + step) / v.scale / each));
    if (to <= 0) continue;
    let peak = 0;
    for (let i = from; i < to && i < map.peaks.length; i++) peak = Math.max(peak, map.peaks[i] ?? 0);
    if (from >= map.peaks.length) break;
    const h = Math.max(1.5, peak * height);
    c.beginPath();
    c.roundRect(x, middle - h / 2, step - 1, h, 1);
    c.fill();
  }
}
