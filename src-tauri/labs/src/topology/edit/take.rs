//! Taking entries out of a map, or items out of a list, whole.

use super::error::Doubt;
use super::lines::is_comment;
use super::script::{Holder, Script};
use super::splice::Splices;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

/// Takes some of the entries or items out of what a key holds, by their numbers from 0.
pub(super) fn take(
    script: &Script<'_>,
    holder: Holder<'_>,
    numbers: &BTreeSet<usize>,
    splices: &mut Splices,
) -> Result<(), Doubt> {
    let children = script.children(holder)?;
    if numbers.last().is_some_and(|last| *last >= children.len()) {
        return Err(Doubt::Variables);
    }
    if holder.piece.is_flow() {
        let inside = script.inside(holder.piece);
        let flow = Flow {
            script,
            children: &children,
            inside,
        };
        flow.take(numbers, splices);
        return Ok(());
    }
    let above = script.lines.of(holder.key.span.end);
    let block = Block {
        script,
        children: &children,
        above,
    };
    block.take(numbers, splices)
}

/// Children that stand in lines.
struct Block<'s> {
    script: &'s Script<'s>,
    children: &'s [Range<usize>],
    /// The line of the key.
    above: usize,
}

impl Block<'_> {
    fn take(&self, numbers: &BTreeSet<usize>, splices: &mut Splices) -> Result<(), Doubt> {
        let lines = &self.script.lines;
        let mut runs: Vec<(RangeInclusive<usize>, usize)> = Vec::new();
        for number in numbers {
            let own = self.lines_of(*number)?;
            match runs.last_mut() {
                // Empty lines between two of them go too; a comment of neither stays.
                Some((run, last))
                    if (run.end() + 1..*own.start()).all(|line| lines.is_blank(line)) =>
                {
                    *run = *run.start()..=*own.end();
                    *last = *number;
                }
                _ => runs.push((own, *number)),
            }
        }
        for (run, last) in runs {
            self.remove(run, last + 1 < self.children.len(), splices);
        }
        Ok(())
    }

    /// The lines of a child, with the comments that belong to it.
    fn lines_of(&self, number: usize) -> Result<RangeInclusive<usize>, Doubt> {
        let lines = &self.script.lines;
        let own = &self.children[number];
        let (start, end) = (lines.of(own.start), lines.of(own.end));
        let before = lines.before(own.start);
        if !before.trim().is_empty() || !is_comment(lines.behind(own.end)) {
            let line = if before.trim().is_empty() { end } else { start };
            return Err(Doubt::Layout { line: line + 1 });
        }
        let previous = number.checked_sub(1).and_then(|at| self.children.get(at));
        let column = lines.column(own.start);
        let bound = previous.map_or(self.above, |child| {
            self.script.last_line(lines.of(child.end), column, start)
        });
        let next = self.children.get(number + 1);
        let next = next.map_or(lines.count(), |child| lines.of(child.start));
        let mut first = start;
        while first > bound + 1 && lines.comment(first - 1) == Some(before.len()) {
            first -= 1;
        }
        Ok(first..=self.script.last_line(end, column, next))
    }

    /// Removes lines, and the empty lines that separated them from those that stay.
    fn remove(&self, run: RangeInclusive<usize>, kept_below: bool, splices: &mut Splices) {
        let lines = &self.script.lines;
        let (mut first, mut last) = run.into_inner();
        let blank = |line: usize| line < lines.count() && lines.is_blank(line);
        let separated = first == self.above + 1 || blank(first.saturating_sub(1));
        while kept_below && separated && blank(last + 1) {
            last += 1;
        }
        while !kept_below && first > self.above + 1 && blank(first - 1) {
            first -= 1;
        }
        if lines.ending(last).is_empty() {
            // A file without a newline at its end stays without one.
            let above = first.saturating_sub(1);
            splices.remove(lines.end(above)..lines.end(last));
        } else {
            splices.remove(lines.start(first)..lines.after(last));
        }
    }
}

/// Children in braces or brackets.
struct Flow<'s> {
    script: &'s Script<'s>,
    children: &'s [Range<usize>],
    /// What stands between the braces.
    inside: Range<usize>,
}

impl Flow<'_> {
    fn take(&self, numbers: &BTreeSet<usize>, splices: &mut Splices) {
        for run in runs(numbers) {
            let (first, last) = (&self.children[*run.start()], &self.children[*run.end()]);
            let own = first.start..last.end;
            let before = run.start().checked_sub(1).map(|at| &self.children[at]);
            let next = self.children.get(run.end() + 1);
            match (before, next) {
                (None, None) => splices.remove(self.inside.clone()),
                (_, Some(next)) => splices.remove(self.before_next(&own, next.start)),
                (Some(before), None) => self.last(before.end, &own, splices),
            }
        }
    }

    /// What goes with children that others follow: their commas; their lines, if they have them for themselves.
    fn before_next(&self, own: &Range<usize>, next: usize) -> Range<usize> {
        let lines = &self.script.lines;
        let (first, below) = (self.first_line(own.start), lines.of(next));
        let Some(first) = first.filter(|_| lines.before(next).trim().is_empty()) else {
            return own.start..next;
        };
        let mut kept = below;
        let last = lines.of(own.end);
        while kept > last + 1 && lines.comment(kept - 1) == Some(lines.before(next).len()) {
            kept -= 1;
        }
        if kept > last {
            lines.start(first)..lines.start(kept)
        } else {
            own.start..next
        }
    }

    /// Takes the last children away, and the comma before them unless there was one behind them too.
    fn last(&self, before: usize, own: &Range<usize>, splices: &mut Splices) {
        let lines = &self.script.lines;
        let behind = lines.behind(own.end).trim_start();
        let rest = behind.strip_prefix(',');
        let between = self.script.masked.get(before..own.start);
        let comma = between.unwrap_or_default().trim_start().starts_with(',');
        let ends_line = is_comment(rest.unwrap_or(behind));
        match self.first_line(own.start) {
            Some(first) if comma && ends_line => {
                let at = before + between.and_then(|text| text.find(',')).unwrap_or_default();
                if rest.is_none() {
                    splices.remove(at..at + 1);
                }
                splices.remove(lines.start(first)..lines.after(lines.of(own.end)));
            }
            // The comment behind the last line is not about what stands in an earlier one.
            _ if ends_line && lines.of(before) < lines.of(own.end) => {
                let comma = if rest.is_some() { "," } else { "" };
                splices.replace(before..lines.end(lines.of(own.end)), comma);
            }
            _ => splices.remove(before..own.end),
        }
    }

    /// The first line of children that begin one, with the comments above.
    fn first_line(&self, start: usize) -> Option<usize> {
        let lines = &self.script.lines;
        let before = lines.before(start);
        let mut first = lines.of(start);
        if !before.trim().is_empty() || first <= lines.of(self.inside.start) {
            return None;
        }
        while first > 0 && lines.comment(first - 1) == Some(before.len()) {
            first -= 1;
        }
        Some(first)
    }
}

/// Numbers that follow each other.
fn runs(numbers: &BTreeSet<usize>) -> Vec<RangeInclusive<usize>> {
    let mut runs: Vec<RangeInclusive<usize>> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.end() + 1 == *number => *run = *run.start()..=*number,
            _ => runs.push(*number..=*number),
        }
    }
    runs
}
