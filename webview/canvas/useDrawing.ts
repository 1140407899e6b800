/**
 * Draws on a canvas element again when the network, its health, the selection, the theme or the view has changed, at
 * most once per frame.
 */
import { useEffect, useRef } from 'react';
import { useStoreApi } from 'reactflow';
import { useEditor } from '../model/editor.ts';
import { useRun } from '../model/run.ts';
import { useThemeVersion } from '../theme/useThemeVersion.ts';
import { type Looks, looksOf, type Marks, marksOf } from './drawing.ts';

/** Interval of redrawing marks, in milliseconds. Statistics arrive ten times a second, which marks do not need. */
const betweenMarks = 400;

let read: { readonly theme: number; readonly looks: Looks } | undefined;

/** Shared by all drawings under one theme. */
function looksIn(theme: number, element: HTMLElement): Looks {
  if (read?.theme !== theme) read = { theme, looks: looksOf(element) };
  return read.looks;
}

export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly looks: Looks;
  readonly marks: Marks;
  readonly width: number;
  readonly height: number;
  /** Something other than the view has changed. */
  readonly redrawn: boolean;
}

/** `selected`: the selection is drawn too. */
export function useDrawing(
  draw: (frame: Frame) => void,
  redraw: readonly unknown[],
  selected: boolean,
): React.RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const store = useStoreApi();
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `redraw` stands for `draw`; a new theme has other colours.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const looks = looksIn(theme, element);
    let marks = marksOf(useRun.getState(), useEditor.getState().view);
    let redrawn = true;
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      frame = 0;
      const scale = devicePixelRatio;
      const { clientWidth: width, clientHeight: height } = element;
      // A hidden tab has no area to draw on.
      if (width === 0 || height === 0) return;
      if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
        element.width = Math.round(width * scale);
        element.height = Math.round(height * scale);
        redrawn = true;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      draw({ context, looks, marks, width, height, redrawn });
      redrawn = false;
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(paint);
    };
    const changed = () => {
      redrawn = true;
      schedule();
    };
    const stops = [
      store.subscribe(({ transform }, before) => transform !== before.transform && schedule()),
      useEditor.subscribe(({ selection }, before) => selected && selection !== before.selection && changed()),
      useRun.subscribe(({ stats }, before) => {
        if (stats === before.stats || timer !== undefined) return;
        timer = setTimeout(() => {
          timer = undefined;
          marks = marksOf(useRun.getState(), useEditor.getState().view);
          changed();
        }, betweenMarks);
      }),
    ];
    const observer = new ResizeObserver(schedule);
    observer.observe(element);
    schedule();
    return () => {
      for (const stop of stops) stop();
      observer.disconnect();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [store, theme, selected, ...redraw]);
  return canvas;
}
