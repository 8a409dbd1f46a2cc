/*
 * The pictures of the cut. Two video elements take turns: one plays, the other has the next scene loaded and waits at its
 * first frame. What is on the screen stays there until what comes next can be seen.
 */
import { FPS } from '@/lib/time';
import { fileAt } from './addresses';

/** A scene in the film: seconds of the film, and where its take begins to be used. Without url it is not filmed yet. */
export type Segment = { sequence: number; start: number; duration: number; url?: string; in: number };
export type Pace = { playing: boolean; rate: number };

const FAR_S = 0.25;      // beyond this the picture jumps to where the sound is
const NEAR_S = 0.02;     // within this it is left alone
const INTO_FRAME_S = 0.002;

const holds = (v: HTMLVideoElement, s: Segment) => !!s.url && v.dataset.file === fileAt(s.url);
const takeTime = (s: Segment, at: number) => s.in + Math.min(at - s.start, s.duration - 1 / FPS);

export class Screen {
  private videos: HTMLVideoElement[] = [];
  private active = 0;
  /** What was shown last, to catch up with seeks that came while one was under way; null while another moment is looked at. */
  private now: { segment: Segment; at: number; pace: Pace } | null = null;
  constructor(private readonly isRefused: (url: string) => boolean) {}

  attach(videos: HTMLVideoElement[]): () => void {
    const stop = new AbortController(), seen = () => this.showWhenReady();
    this.videos = videos;
    for (const v of videos) for (const e of ['seeked', 'loadeddata', 'canplay']) v.addEventListener(e, seen, { signal: stop.signal });
    return () => { stop.abort(); this.videos = []; };
  }

  /** A moment of the film, and what comes after its scene. */
  show(segment: Segment, next: Segment | undefined, at: number, pace: Pace) {
    this.now = { segment, at, pace };
    if (!this.videos.length) return;
    const waiting = this.videos[1 - this.active]!;
    if (segment.url && !holds(this.videos[this.active]!, segment) && holds(waiting, segment)) {
      this.videos[this.active]!.pause();
      this.active = 1 - this.active;
    }
    this.follow(this.videos[this.active]!, segment, takeTime(segment, at), pace);
    this.prepare(next);
    this.showWhenReady();
  }

  /** A moment of a scene's take, whether it is used or not. */
  peek(segment: Segment, takeSeconds: number) {
    this.now = null;
    if (segment.url && this.videos.length) this.put(this.videos[this.active]!, segment, takeSeconds);
  }

  pause() { this.videos.forEach(v => v.pause()); }
  setSound(muted: boolean, volume: number) { for (const v of this.videos) { v.muted = muted; v.volume = volume; } }

  private follow(v: HTMLVideoElement, segment: Segment, wanted: number, { playing, rate }: Pace) {
    if (!segment.url) return v.pause();
    if (!playing || rate < 0 || !holds(v, segment)) {
      if (!v.seeking || !holds(v, segment)) this.put(v, segment, wanted);
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
    if (!holds(v, next)) this.put(v, next, next.in);
    else if (v.paused && !v.seeking && v.readyState >= 1 && Math.abs(v.currentTime - next.in) > 0.05) v.currentTime = next.in + INTO_FRAME_S;
  }

  private put(v: HTMLVideoElement, segment: Segment, takeSeconds: number) {
    const exact = Math.max(0, Math.floor(takeSeconds * FPS + 0.01) / FPS) + INTO_FRAME_S;
    if (!holds(v, segment)) {
      if (this.isRefused(segment.url!)) return;
      v.dataset.file = fileAt(segment.url!);
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
    const now = this.now;
    if (now && !now.pace.playing && !v.seeking && holds(v, now.segment)) this.put(v, now.segment, takeTime(now.segment, now.at));
  }
}
