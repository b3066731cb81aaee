//! Tables that fit the terminal. Pure.

use console::measure_text_width;

use super::palette::Palette;
use super::text::{cut, pad, printable};

/// What stands between two columns.
const GAP: &str = "  ";

/// A column that gives way keeps so many columns of the terminal.
const NARROWEST: usize = 8;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    right: bool,
    gives_way: bool,
}

impl Column {
    /// Text, which keeps its width.
    pub(crate) fn text(title: &'static str) -> Self {
        Self {
            title,
            right: false,
            gives_way: false,
        }
    }

    /// Text that is cut where the terminal is narrow.
    pub(crate) fn long(title: &'static str) -> Self {
        Self {
            gives_way: true,
            ..Self::text(title)
        }
    }

    /// Numbers, aligned at their last digit.
    pub(crate) fn number(title: &'static str) -> Self {
        Self {
            right: true,
            ..Self::text(title)
        }
    }
}

/// The lines of a table under its titles. Without a `width` nothing is cut.
pub(crate) fn table<const N: usize>(
    columns: &[Column; N],
    rows: &[[String; N]],
    width: Option<usize>,
    palette: Palette,
) -> Vec<String> {
    let rows: Vec<[String; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| printable(cell)))
        .collect();
    let widths = widths(columns, &rows, width);
    let titles = columns.map(|column| column.title.to_owned());
    let titles = line(columns, &titles, &widths, width);
    let rows = rows.iter().map(|row| line(columns, row, &widths, width));
    std::iter::once(palette.faint(titles).to_string())
        .chain(rows)
        .collect()
}

fn line<const N: usize>(
    columns: &[Column; N],
    cells: &[String; N],
    widths: &[usize; N],
    width: Option<usize>,
) -> String {
    let cells = columns.iter().zip(cells).zip(widths);
    let cells = cells.map(|((column, cell), width)| {
        let cell = cut(cell, *width);
        let missing = width.saturating_sub(measure_text_width(&cell));
        if column.right {
            format!("{}{cell}", " ".repeat(missing))
        } else {
            pad(&cell, *width)
        }
    });
    let line = cells.collect::<Vec<_>>().join(GAP);
    let line = line.trim_end();
    width.map_or_else(|| line.to_owned(), |width| cut(line, width))
}

/// As wide as the widest cell; where that is too wide together, the widest of those that give way
/// become narrower.
fn widths<const N: usize>(
    columns: &[Column; N],
    rows: &[[String; N]],
    width: Option<usize>,
) -> [usize; N] {
    let mut widths = columns.map(|column| measure_text_width(column.title));
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = measure_text_width(cell).max(*widest);
        }
    }
    let Some(width) = width else {
        return widths;
    };
    let room = width.saturating_sub(GAP.len() * N.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let candidates = columns.iter().zip(widths.iter_mut());
        let widest = candidates
            .filter(|(column, width)| column.gives_way && **width > NARROWEST)
            .max_by_key(|(_, width)| **width);
        let Some((_, widest)) = widest else {
            break;
        };
        *widest -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::{Column, table};
    use crate::view::Palette;

    fn shown(width: Option<usize>) -> String {
        let columns = [
            Column::long("reference"),
            Column::number("size"),
            Column::long("source"),
            Column::text("age"),
        ];
        let row = |cells: [&str; 4]| cells.map(str::to_owned);
        let rows = [
            row([
                "ceos:4.35.1F",
                "2.60 GiB",
                "cEOS64-lab-4.35.1F.tar.xz",
                "3 h",
            ]),
            row(["漢字:1", "17 B", "a\x1b[31mname\nin two lines", ""]),
        ];
        table(&columns, &rows, width, Palette::new(false)).join("\n")
    }

    #[test]
    fn tables_fit_the_terminal_and_are_whole_elsewhere() {
        let all = [None, Some(60), Some(40), Some(20)];
        let all = all.map(|width| format!("{width:?}\n{}", shown(width)));
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
