import { useEffect, useRef } from "react";

/** The drawing reaches to the bottom of the window, however much stands above it. */
export function useFullHeight() {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const measure = () => {
      const body = box.querySelector<HTMLElement>(".map-body");
      if (body) box.style.setProperty("--map-top", `${Math.round(body.getBoundingClientRect().top + window.scrollY)}px`);
    };
    const observer = new ResizeObserver(measure);
    const look = () => {
      for (const each of box.children) if (!each.classList.contains("map-body")) observer.observe(each);
      measure();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(box, { childList: true });
    look();
    return () => {
      observer.disconnect();
      watcher.disconnect();
    };
  }, []);
  return frame;
}
