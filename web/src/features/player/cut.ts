/*
 * The player of the cut: the used part of every selected take, one after the other, on the song. What it shows is what
 * will be rendered. Two video elements take turns: one plays, the other has the next scene loaded and waits at its first
 * frame. The song is the clock, since ears notice sooner than eyes; the picture is pulled after it.
 *
 * No React here: time passes sixty times a second, and only those who listen are told.
 */
import { FPS } from '@/lib/time';

/** A scene in the film: seconds of the film, and where its take begins to be used. Without url it is not filmed yet. */
export type Segment = { sequence: number; start: number; duration: number; url?: string; in: number };
export type PlayState = { playing: boolean; rate: number; loop: boolean; muted: boolean; volume: number; waiting: boolean };

const FAR_S = 0.25;      // beyond this the picture jumps to where the sound is
const NEAR_S = 0.02;     // within this it is left alone
const INTO_FRAME_S = 0.002;
const AGAIN_MS = 1000;   // a file that could not be had is tried again after this, then after twice as long, and so on
const TRIES = 6;
const REST_MS = 120;
const fileOf = (url: string) => url.split('?')[0]!;

export class CutPlayer {
  private segments: Segment[] = [];
  private videos: HTMLVideoElement[] = [];
  private song: HTMLAudioElement | null = null;
  private active = 0;
  private at = 0;
  private clockAt = 0;
  private frame = 0;
  private range: { start: number; end: number } | null = null;
  private peeking = false;
  private songUrl: string | undefined;
  private ticks = new Set<(t: number) => void>();
  private changes = new Set<() => void>();
  private scenes = new Set<(sequence: number | null) => void>();
  private scene: number | null = null;
  private refused = new Set<string>();
  private failures = new Map<string, number>();
  private later = new Set<ReturnType<typeof setTimeout>>();
  private resting: ReturnType<typeof setTimeout> | undefined;
  /** Told when an address was refused and there is no newer one: the film is to be asked for anew. */
  onRefused = () => {};
  private state: PlayState = { playing: false, rate: 1, loop: false, muted: false, volume: 1, waiting: false };

  attach(videos: HTMLVideoElement[], song: HTMLAudioElement): () => void {
    this.videos = videos;
    this.song = song;
    const seen = () => this.showWhenReady();
    const stop = new AbortController();
    for (const v of videos) for (const e of ['seeked', 'loadeddata', 'canplay']) v.addEventListener(e, seen, { signal: stop.signal });
    for (const m of [...videos, song]) {
      m.addEventListener('error', () => this.refuse(m), { signal: stop.signal });
      m.addEventListener('loadeddata', () => this.failures.delete(m.dataset.file ?? ''), { signal: stop.signal });
    }
    this.placeSongFile();
    this.seek(this.at);
    return () => {
      stop.abort();
      this.pause();
      clearTimeout(this.resting);
      this.later.forEach(clearTimeout);
      this.later.clear();
      for (const m of [...videos, song]) { delete m.dataset.file; m.removeAttribute('src'); m.load(); }
      this.videos = []; this.song = null;
    };
  }

  /** The film as it is now. What is on the screen stays while its file does. */
  load(segments: Segment[], songUrl: string | undefined) {
    this.segments = segments;
    this.songUrl = songUrl;
    this.placeSongFile();
    if (this.state.playing) return;
    this.seek(Math.min(this.at, this.duration));
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
    this.peeking = false;
    this.set({ playing: true, rate });
    this.clockAt = performance.now();
    this.startMedia();
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(this.pass);
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.videos.forEach(v => v.pause());
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
    this.peeking = false;
    this.at = Math.max(0, Math.min(t, this.duration));
    this.clockAt = performance.now();
    this.placeSongSoon();
    this.place();
    this.tell();
  }

  /** Shows a moment of a scene's take, whether it is used or not: the picture follows the hand that trims. */
  peek(sequence: number, takeSeconds: number) {
    const segment = this.segments.find(s => s.sequence === sequence);
    if (!segment?.url || !this.videos.length) return;
    if (this.state.playing) this.pause();
    this.peeking = true;
    this.put(this.videos[this.active]!, segment, takeSeconds);
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
    if (!this.videos.length || !segment) return;
    const waiting = this.videos[1 - this.active]!;
    if (segment.url && !this.holds(this.videos[this.active]!, segment) && this.holds(waiting, segment)) {
      this.videos[this.active]!.pause();
      this.active = 1 - this.active;
    }
    this.follow(this.videos[this.active]!, segment);
    this.prepare(this.segments[i + 1]);
    this.showWhenReady();
  }

  private holds = (v: HTMLVideoElement, s: Segment) => !!s.url && v.dataset.file === fileOf(s.url);

  private follow(v: HTMLVideoElement, segment: Segment) {
    const wanted = segment.in + Math.min(this.at - segment.start, segment.duration - 1 / FPS);
    if (!segment.url) return v.pause();
    const { playing, rate } = this.state;
    if (!playing || rate < 0 || !this.holds(v, segment)) {
      if (!v.seeking || !this.holds(v, segment)) this.put(v, segment, wanted);
      if (playing && rate > 0) void v.play().catch(() => {});
      return;
    }
    const late = wanted - v.currentTime;
    if (Math.abs(late) > FAR_S * Math.max(1, rate)) { if (!v.seeking) v.currentTime = wanted; }
    else v.playbackRate = Math.abs(late) < NEAR_S ? rate : rate * (1 + Math.max(-0.3, Math.min(0.3, late * 2)));
    if (v.paused && !v.ended) void v.play().catch(() => {});
  }

  private prepare(next: Segment | undefined) {
    const v = this.videos[1 - this.active];
    if (!v || !next?.url) return;
    if (!this.holds(v, next)) this.put(v, next, next.in);
    else if (v.paused && !v.seeking && v.readyState >= 1 && Math.abs(v.currentTime - next.in) > 0.05) v.currentTime = next.in + INTO_FRAME_S;
  }

  private put(v: HTMLVideoElement, segment: Segment, takeSeconds: number) {
    const exact = Math.max(0, Math.floor(takeSeconds * FPS + 0.01) / FPS) + INTO_FRAME_S;
    if (!this.holds(v, segment)) {
      if (this.refused.has(segment.url!)) return;
      v.dataset.file = fileOf(segment.url!);
      v.src = segment.url!;
      v.load();
    }
    if (Math.abs(v.currentTime - exact) > 0.5 / FPS) v.currentTime = exact;
  }

  /** The picture that was there stays until the new one can be seen: no black between scenes. */
  private showWhenReady() {
    const v = this.videos[this.active];
    if (!v) return;
    if (v.readyState >= 2 && (!v.seeking || v.style.visibility === 'visible')) {
      v.style.visibility = 'visible';
      this.videos[1 - this.active]!.style.visibility = 'hidden';
    }
    if (!this.state.playing && !v.seeking && !this.peeking) this.settle();
  }

  /** Seeks that came while one was under way are caught up with. */
  private settle() {
    const segment = this.segments[this.segmentAt(this.at)], v = this.videos[this.active];
    if (v && segment?.url && this.holds(v, segment)) this.put(v, segment, segment.in + Math.min(this.at - segment.start, segment.duration - 1 / FPS));
  }

  // ---- the rest ----

  private placeSongFile() {
    if (this.song && this.songUrl && !this.refused.has(this.songUrl) && this.song.dataset.file !== fileOf(this.songUrl)) {
      this.song.dataset.file = fileOf(this.songUrl);
      this.song.src = this.songUrl;
    }
    this.applySound();
  }

  /**
   * Addresses are good for some minutes only, so one that fails is most often too old. The film may have a newer one at
   * hand: what plays keeps the address it began with. Only when it has none is it asked for, and the same address gets
   * another chance later, since a server that was away for a moment gives out the same.
   */
  private refuse(m: HTMLMediaElement) {
    const address = m.getAttribute('src'), file = m.dataset.file;
    if (!address || !file) return;
    delete m.dataset.file;
    this.refused.add(address);
    if (this.addressOf(file) !== address) return this.placeAll();
    this.onRefused();
    const times = this.failures.get(file) ?? 0;
    this.failures.set(file, times + 1);
    if (times >= TRIES) return;
    const timer = setTimeout(() => { this.later.delete(timer); this.refused.delete(address); this.placeAll(); }, AGAIN_MS * 2 ** times);
    this.later.add(timer);
  }

  /** Where a file is to be had, as far as is known; undefined when the film has no use for it any more. */
  private addressOf = (file: string) => [this.songUrl, ...this.segments.map(s => s.url)].find(url => url && fileOf(url) === file);

  private placeAll() { this.placeSongFile(); this.place(); }

  private startMedia() {
    const { rate } = this.state, s = this.song;
    if (s?.dataset.file) {
      if (rate > 0) { s.playbackRate = rate; this.placeSong(); } else s.pause();
    }
    if (rate < 0) this.videos.forEach(v => v.pause());
  }

  private applySound() {
    const { muted, volume } = this.state;
    if (this.song) { this.song.muted = muted; this.song.volume = volume; }
    for (const v of this.videos) { v.muted = muted || !!this.song?.dataset.file; v.volume = volume; }
  }

  private enter(sequence: number | null) {
    if (this.scene === sequence) return;
    this.scene = sequence;
    this.scenes.forEach(f => f(sequence));
  }
  private set(part: Partial<PlayState>) { this.state = { ...this.state, ...part }; this.changes.forEach(f => f()); }
  private tell() { this.ticks.forEach(f => f(this.at)); }
}
