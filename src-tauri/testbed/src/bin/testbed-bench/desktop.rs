//! What the window costs: its start, its memory and its CPU time, while nothing happens and while an image is imported.

use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::archives::ceos_cached;
use labwright_testbed::desktop::{COMPOSING, Process, until};
use labwright_testbed::{Display, Engine, Kind, Launch, Window};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::burst::{self, Burst};
use crate::large_lab;
use crate::machine;
use crate::report::median;
use crate::rest::{self, memory, page_cpu};

/// What the cached archive becomes.
const IMAGE: &str = "ceos:4.35.1F";

/// No import takes longer than this.
const IMPORT_LIMIT: Duration = Duration::from_secs(600);

/// How long the window is left alone before and while its costs are taken.
const REST: Duration = Duration::from_secs(5);

/// How often an import is looked at: to look costs the page something too.
const LOOK: Duration = Duration::from_secs(2);

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
    /// What it costs while an image as large as Arista's cEOS is imported.
    import: Import,
    /// What a burst of events does to its frames.
    burst: Burst,
}

/// An import with the window in front.
#[derive(Clone, Copy, Debug)]
struct Import {
    /// The most memory of all processes, in MiB.
    memory: f64,
    /// The CPU time of WebKit's process for the page, in per cent of a core.
    page: f64,
    /// How long it took, in seconds.
    seconds: f64,
}

/// Opens the window so often, and prints what each time cost, and the medians.
pub(crate) fn run(arguments: &Arguments) {
    let engine = Engine::private(*arguments.engines.first().unwrap_or(&Kind::Classic));
    println!(
        "round  first paint  interactive  | at rest: memory  CPU of program / page  | import: time  memory  CPU of page  | longest frame in a burst: Images  Activity"
    );
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
        import: Import {
            memory: middle(|start| start.import.memory),
            page: middle(|start| start.import.page),
            seconds: middle(|start| start.import.seconds),
        },
        burst: Burst {
            images: middle(|start| start.burst.images),
            activity: middle(|start| start.burst.activity),
        },
    };
    print("median", &median);
    if !median.marked {
        println!(
            "The page sets no mark `interactive`: its document's being ready was taken for it."
        );
    }
    large_lab::run(arguments, &engine);
    println!("load {}", machine::load());
}

fn print(name: &str, start: &Start) {
    println!(
        "{name:>6}  {:>8.0} ms  {:>8.0} ms  |     {:>7.0} MiB       {:>5.1} % / {:.1} %  |  {:>6.1} s  {:>3.0} MiB  {:.1} %  |  {:>3.0} ms  {:>3.0} ms",
        start.paint,
        start.interactive,
        start.memory,
        start.cpu.0,
        start.cpu.1,
        start.import.seconds,
        start.import.memory,
        start.import.page,
        start.burst.images,
        start.burst.activity,
    );
}

fn measure(arguments: &Arguments, engine: &Engine) -> Start {
    // A home of its own each time: as if the program had never run before.
    let display = Display::new();
    burst::fill_history(arguments, engine, &display);
    let window = Launch::new(&arguments.program)
        .variable("LW_ENGINE", engine.address())
        .variable(COMPOSING, "")
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
    let rest = rest::measure(&window, REST);
    Start {
        paint: since(&times["paint"]),
        interactive: since(&times["interactive"]),
        marked: times["marked"] == true,
        memory: rest.memory,
        cpu: (rest.program, rest.page),
        import: import(arguments, engine, &window),
        burst: burst::measure(&window),
    }
}

/// Imports an image while the page shows it, and removes it again.
fn import(arguments: &Arguments, engine: &Engine, window: &Window) -> Import {
    let file = ceos_cached();
    let given = window
        .display()
        .command(&arguments.program)
        .arg(&file)
        .status();
    assert!(
        given.is_ok_and(|status| status.success()),
        "a second instance hands over its file"
    );
    window.find("footer .strip [role=progressbar]");
    let (before, started) = (page_cpu(window), Instant::now());
    let mut most = 0.0_f64;
    let mut after = before;
    let done = until(IMPORT_LIMIT, || {
        thread::sleep(LOOK);
        most = most.max(memory(&window.processes()));
        after = page_cpu(window);
        let runs = !window.find_all("footer .strip").is_empty();
        (!runs).then_some(started.elapsed())
    });
    let seconds = done.expect("the import ends").as_secs_f64();
    engine.exec_cli(&["rmi", "--force", IMAGE]);
    Import {
        memory: most,
        page: after.saturating_sub(before).as_secs_f64() / seconds * 100.0,
        seconds,
    }
}
