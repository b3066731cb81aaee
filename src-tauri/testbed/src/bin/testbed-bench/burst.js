// Hands the page a burst of events in place of the program, as its bridge does: numbered batches of a thousand, one a
// frame. Answers with the longest time between two frames and the whole time, in milliseconds.
const [total, jobs, done] = arguments;
const tauri = window.__TAURI_INTERNALS__;
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const until = async (what, holds) => {
    for (const end = performance.now() + 20_000; !holds(); await wait(20)) {
        if (performance.now() > end) throw new Error(`no ${what} within 20 seconds`);
    }
};
const deliver = (payload) => [...tauri.callbacks.values()].forEach((callback) => callback({ event: "batch", payload }));

const changes = (first) => {
    const events = [];
    const add = (job, change) => {
        const id = `01a1fd1e8c00${String(job).padStart(8, "0")}`;
        events.push({ job: id, seq: first + events.length, at: Date.now(), change });
    };
    for (let job = 0; job < jobs; job += 1) {
        add(job, { type: "queued", kind: "import", title: `Import burst-${job}.tar into Docker` });
        add(job, { type: "started" });
        add(job, { type: "step_added", step: 1, parent: null, name: "Send" });
        add(job, { type: "step_started", step: 1 });
    }
    for (let turn = 1; events.length < total - 2 * jobs; turn += 1) {
        const progress = { done: turn * 4096, total: total * 4096, unit: "bytes", rate: 40_000_000 };
        if (turn % 10 === 0) add(turn % jobs, { type: "log", step: 1, line: `line ${turn}` });
        else add(turn % jobs, { type: "progress", step: 1, progress });
    }
    for (let job = 0; job < jobs; job += 1) {
        add(job, { type: "step_finished", step: 1, outcome: { type: "succeeded" } });
        add(job, { type: "finished", outcome: { type: "succeeded", result: null } });
    }
    return events;
};

const burst = async () => {
    // The program's number for the page's stream is known once another was opened. A batch of that stream whose number
    // does not follow makes the page open a third, in which it knows no batch yet.
    const { stream, jobs: known } = await tauri.invoke("open");
    deliver({ stream: stream - 1, number: Number.MAX_SAFE_INTEGER, jobs: [], parts: [] });
    await wait(1000);
    const events = changes(known.seq + 1);
    let longest = 0;
    let before = performance.now();
    let watching = true;
    const watch = (now) => {
        longest = Math.max(longest, now - before);
        before = now;
        if (watching) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
    const start = performance.now();
    for (let number = 1; events.length > 0; number += 1) {
        deliver({ stream: stream + 1, number, jobs: events.splice(0, 1000), parts: [] });
        await wait(16);
        if (number === 1) await until("running job", () => document.querySelector("footer .strip"));
    }
    await until("end of the jobs", () => !document.querySelector("footer .strip"));
    watching = false;
    return { longest, took: performance.now() - start };
};

burst().then(done, (error) => done({ error: String(error) }));
