/*
 * The player of the cut: the used part of every selected take, one after the other, on the song. What it shows is what
 * will be rendered. The song is the clock, since ears notice sooner than eyes; the picture (screen.ts) is pulled after it.
 *
 * No React here: time passes sixty times a second, and only those who listen are told.
 */
import { FPS } from '@/lib/time';
import { Addresses, fileAt } from './addresses';
import { Screen, type Segment } from './screen';

export type { Segment };
export type PlayState = { playing: boolean; rate: number; loop: boolean; muted: boolean; volume: number; waiting: boolean };

const REST_MS = 120;

export class CutPlayer {
  private segments: Segment[] = [];
  private song: HTMLAudioElement | null = null;
  private addresses = new Addresses({ addressOf: file => this.addressOf(file), askAnew: () => this.onRefused(), tryAgain: () => this.placeAll() });
  private screen = new Screen(this.addresses.isRefused);
  private at = 0;
  private clockAt = 0;
  private frame = 0;
  private range: { start: number; end: number } | null = null;
  private songUrl: string | undefined;
  private ticks = new Set<(t: number) => void>();
  private changes = new Set<() => void>();
  private scenes = new Set<(sequence: number | null) => void>();
  private scene: number | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;
  /** Told when an address was refused and there is no newer one: the film is to be asked for anew. */
  onRefused = () => {};
  private state: PlayState = { playing: false, rate: 1, loop: false, muted: false, volume: 1, waiting: false };

  attach(videos: HTMLVideoElement[], song: HTMLAudioElement): () => void {
    this.song = song;
    const leave = this.screen.attach(videos), stop = new AbortController();
    for (const m of [...videos, song]) {
      m.addEventListener('error', () => this.addresses.refuse(m), { signal: stop.signal });
      m.addEventListener('loadeddata', () => this.addresses.came(m), { signal: stop.signal });
    }
    this.placeSongFile();
    this.seek(this.at);
    return () => {
      stop.abort();
      this.pause();
      clearTimeout(this.resting);
      this.addresses.stop();
      for (const m of [...videos, song]) { delete m.dataset.file; m.removeAttribute('src'); m.load(); }
      leave();
      this.song = null;
    };
  }

  /** The film as it is now. What is on the screen stays while its file does; while something is under the hand, that stays. */
  load(segments: Segment[], songUrl: string | undefined, underHand = false) {
    this.segments = segments;
    this.songUrl = songUrl;
    this.placeSongFile();
    if (this.state.playing) return;
    if (!underHand) return this.seek(this.at);
    this.at = Math.min(this.at, this.duration);
    this.tell();
  }

  get duration() { const last = this.segments.at(-1); return last ? last.start + last.duration : 0; }
  get time() { return this.at; }
  snapshot = () => this.state;
  onTick = (f: (t: number) => void) => { this.ticks.add(f); f(this.at); return () => { this.ticks.delete(f); }; };
  onChange = (f: () => void) => { this.changes.add(f); return () => { this.changes.delete(f); }; };
  onScene = (f: (sequence: number | null) => void) => { this.scenes.add(f); f(this.scene); return () => { this.scenes.delete(f); }; };

  toggle() { if (this.state.playing) this.pause(); else this.play(); }

  play(rate = 1) {
    if (!this.segments.length) return;
    if (rate > 0 && this.at >= this.end - 0.5 / FPS) this.seek(this.begin);
    this.set({ playing: true, rate });
    this.clockAt = performance.now();
    this.startMedia();
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(this.pass);
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.screen.pause();
    this.song?.pause();
    if (this.state.playing) { this.set({ playing: false, rate: 1 }); this.seek(this.at); }
  }

  /** J and L: the first press plays, each further one doubles the speed, up to eight times. */
  shuttle(direction: 1 | -1) {
    const { playing, rate } = this.state;
    this.play(playing && Math.sign(rate) === direction ? Math.max(-8, Math.min(8, rate * 2)) : direction);
  }

  step(frames: number) { this.pause(); this.seek((Math.round(this.at * FPS) + frames) / FPS); }

  seek(t: number) {
    this.at = Math.max(0, Math.min(t, this.duration));
    this.clockAt = performance.now();
    this.placeSongSoon();
    this.place();
    this.tell();
  }

  /** Shows a moment of a scene's take, whether it is used or not: the picture follows the hand that trims. */
  peek(sequence: number, takeSeconds: number) {
    const segment = this.segments.find(s => s.sequence === sequence);
    if (!segment) return;
    if (this.state.playing) this.pause();
    this.screen.peek(segment, takeSeconds);
  }

  loopOver(range: { start: number; end: number } | null) { this.range = range; this.set({ loop: range !== null }); }
  mute(muted: boolean) { this.set({ muted }); this.applySound(); }
  setVolume(volume: number) { this.set({ volume, muted: volume === 0 }); this.applySound(); }

  // ---- time ----

  private get begin() { return this.range?.start ?? 0; }
  private get end() { return this.range?.end ?? this.duration; }

  private pass = () => {
    this.frame = requestAnimationFrame(this.pass);
    const now = performance.now(), elapsed = Math.min(0.25, (now - this.clockAt) / 1000);
    this.clockAt = now;
    this.at = this.songTime() ?? this.at + elapsed * this.state.rate;
    if (this.at >= this.end || this.at < this.begin - 0.5) this.turn();
    if (this.at <= 0 && this.state.rate < 0) { this.at = 0; this.pause(); return; }
    if (!this.state.playing) return;
    this.place();
    this.tell();
  };

  private turn() {
    if (this.state.rate < 0) return;
    if (!this.range) { this.at = this.duration; this.pause(); return; }
    this.at = this.range.start;
    this.placeSong();
  }

  /** Where the song is, when it is the clock: forwards, while it plays and lasts. */
  private songTime(): number | null {
    const s = this.song;
    if (!s?.dataset.file || this.state.rate <= 0 || s.ended || s.error || !(s.duration > this.at)) return null;
    if (s.paused) { this.placeSong(); return null; }
    return s.seeking || s.readyState < 2 ? this.at : s.currentTime;
  }

  /** What nobody hears yet follows when the hand rests: a seek costs more than there is between two keys. */
  private placeSongSoon() {
    clearTimeout(this.resting);
    if (this.state.playing) this.placeSong();
    else this.resting = setTimeout(() => this.placeSong(), REST_MS);
  }

  private placeSong() {
    clearTimeout(this.resting);
    const s = this.song;
    if (!s?.dataset.file) return;
    if (s.readyState >= 1 && Math.abs(s.currentTime - this.at) > 0.01) s.currentTime = Math.min(this.at, s.duration || this.at);
    if (this.state.playing && this.state.rate > 0 && s.paused && !(this.at >= s.duration)) void s.play().catch(() => {});
  }

  // ---- pictures ----

  private segmentAt(t: number) {
    let low = 0, high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle]!.start <= t + 1e-6) low = middle; else high = middle - 1;
    }
    return low;
  }

  private place() {
    const i = this.segmentAt(this.at), segment = this.segments[i];
    this.enter(segment?.sequence ?? null);
    if (segment) this.screen.show(segment, this.segments[i + 1], this.at, this.state);
  }

  // ---- the rest ----

  private placeSongFile() {
    if (this.song && this.songUrl && !this.addresses.isRefused(this.songUrl) && this.song.dataset.file !== fileAt(this.songUrl)) {
      this.song.dataset.file = fileAt(this.songUrl);
      this.song.src = this.songUrl;
    }
    this.applySound();
  }

  /** Where a file is to be had, as far as is known; undefined when the film has no use for it any more. */
  private addressOf = (file: string) => [this.songUrl, ...this.segments.map(s => s.url)].find(url => url && fileAt(url) === file);

  private placeAll() { this.placeSongFile(); this.place(); }

  private startMedia() {
    const { rate } = this.state, s = this.song;
    if (s?.dataset.file) {
      if (rate > 0) { s.playbackRate = rate; this.placeSong(); } else s.pause();
    }
    if (rate < 0) this.screen.pause();
  }

  private applySound() {
    const { muted, volume } = this.state;
    if (this.song) { this.song.muted = muted; this.song.volume = volume; }
    this.screen.setSound(muted || !!this.song?.dataset.file, volume);
  }

  private enter(sequence: number | null) {
    if (this.scene === sequence) return;
    this.scene = sequence;
    this.scenes.forEach(f => f(sequence));
  }
  private set(part: Partial<PlayState>) { this.state = { ...this.state, ...part }; this.changes.forEach(f => f()); }
  private tell() { this.ticks.forEach(f => f(this.at)); }
}
