// Watches what moves from now on: in which frames it stands elsewhere than in the one before. Argument: its selector.
// `window.__frames()` ends that, and says how many such frames there were, how many in a second, from the first to the last,
// and the longest time between two, in milliseconds.
const [moving] = arguments;
const place = () => document.querySelector(moving)?.style.transform;
const moved = [];
let before = place();
let watching = true;
const watch = () => {
    const now = place();
    if (now !== before) moved.push(performance.now());
    before = now;
    if (watching) requestAnimationFrame(watch);
};
requestAnimationFrame(watch);
window.__frames = () => {
    watching = false;
    const times = moved.slice(1).map((time, index) => time - moved[index]);
    const all = times.reduce((sum, time) => sum + time, 0);
    return { count: moved.length, rate: (times.length * 1000) / all, longest: Math.max(...times) };
};
