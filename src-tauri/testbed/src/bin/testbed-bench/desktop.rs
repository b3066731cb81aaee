//! What the window costs: its start, its memory and its CPU time while nothing happens.

use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::desktop::Process;
use labwright_testbed::{Display, Engine, Kind, Launch, Window};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::machine;
use crate::report::median;

/// How long the window is left alone before and while its costs are taken.
const REST: Duration = Duration::from_secs(5);

/// When things happened, in milliseconds since 1970. Without the mark `interactive`, which the page sets when its first
/// view can be used, the time at which its document was ready counts.
const TIMES: &str = "
    const origin = performance.timeOrigin;
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const mark = performance.getEntriesByName('interactive')[0];
    const [navigation] = performance.getEntriesByType('navigation');
    return {
        paint: paint ? origin + paint.startTime : null,
        interactive: origin + (mark ? mark.startTime : navigation.domContentLoadedEventEnd),
        marked: Boolean(mark),
    };";

/// One start of the program.
#[derive(Debug)]
struct Start {
    /// From the process's start to the first paint with content, in milliseconds.
    paint: f64,
    /// To the time at which it can be used.
    interactive: f64,
    /// Whether the page said itself when that was.
    marked: bool,
    /// The memory of all its processes at rest, in MiB; what they share is counted once.
    memory: f64,
    /// The CPU time at rest of the program itself and of WebKit's process for the page, in per cent of a core.
    cpu: (f64, f64),
}

/// Opens the window so often, and prints what each time cost, and the medians.
pub(crate) fn run(arguments: &Arguments) {
    let engine = Engine::private(*arguments.engines.first().unwrap_or(&Kind::Podman));
    println!("round  first paint  interactive   memory  CPU at rest: program / page");
    let starts: Vec<_> = (1..=arguments.rounds)
        .map(|number| {
            let start = measure(arguments, &engine);
            print(&number.to_string(), &start);
            start
        })
        .collect();
    let middle = |of: fn(&Start) -> f64| median(starts.iter().map(of));
    let median = Start {
        paint: middle(|start| start.paint),
        interactive: middle(|start| start.interactive),
        marked: starts.iter().all(|start| start.marked),
        memory: middle(|start| start.memory),
        cpu: (middle(|start| start.cpu.0), middle(|start| start.cpu.1)),
    };
    print("median", &median);
    if !median.marked {
        println!(
            "The page sets no mark `interactive`: its document's being ready was taken for it."
        );
    }
    println!("load {}", machine::load());
}

fn print(name: &str, start: &Start) {
    println!(
        "{name:>6}  {:>8.0} ms  {:>8.0} ms  {:>3.0} MiB  {:.1} % / {:.1} %",
        start.paint, start.interactive, start.memory, start.cpu.0, start.cpu.1
    );
}

fn measure(arguments: &Arguments, engine: &Engine) -> Start {
    // A home of its own each time: as if the program had never run before.
    let display = Display::new();
    let window = Launch::new(&arguments.program)
        .variable("LW_ENGINE", engine.address())
        .open(&display);
    let times = window.wait_for("the first paint", || {
        let times = window.run(TIMES, &[]);
        times["paint"].is_number().then_some(times)
    });
    let processes = window.processes();
    let begun = processes.first().and_then(Process::started);
    let begun = begun.expect("the program runs").as_secs_f64() * 1000.0;
    let since = |value: &Value| value.as_f64().unwrap_or(f64::NAN) - begun;
    thread::sleep(REST);
    Start {
        paint: since(&times["paint"]),
        interactive: since(&times["interactive"]),
        marked: times["marked"] == true,
        memory: memory(&window.processes()),
        cpu: cpu_at_rest(&window),
    }
}

fn memory(processes: &[Process]) -> f64 {
    let kib: u64 = processes.iter().filter_map(Process::memory).sum();
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}

fn cpu_at_rest(window: &Window) -> (f64, f64) {
    let used = |name: &str| {
        let processes = window.processes();
        let found = processes.iter().find(|process| process.name == name);
        found.and_then(Process::cpu).unwrap_or_default()
    };
    // The kernel cuts names to 15 characters.
    let both = || (used("labwright"), used("WebKitWebProces"));
    let (before, started) = (both(), Instant::now());
    thread::sleep(REST);
    let (after, seconds) = (both(), started.elapsed().as_secs_f64());
    let share = |before: Duration, after: Duration| {
        after.saturating_sub(before).as_secs_f64() / seconds * 100.0
    };
    (share(before.0, after.0), share(before.1, after.1))
}
