//! Looking for past jobs.

use rusqlite::{ToSql, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::HistoryError;
use super::query::readable;
use super::record::JobRecord;
use super::store::History;
use crate::JobId;

/// Which past jobs are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HistoryQuery {
    /// Words that must all stand in the title, in what was asked for, or in what came of it.
    pub text: String,
    /// Only jobs that ended so; all without one.
    pub outcome: Option<OutcomeKind>,
    /// Only jobs older than this one.
    pub before: Option<JobId>,
    /// At most so many.
    #[ts(type = "number")]
    pub limit: usize,
}

/// How a job ended, without what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum OutcomeKind {
    /// All went well.
    Succeeded,
    /// Something failed.
    Failed,
    /// It was stopped.
    Cancelled,
    /// The far side cannot be asked.
    Lost,
}

/// Some past jobs, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct HistoryPage {
    /// The newest first. A record that is damaged is left out.
    pub records: Vec<JobRecord>,
    /// Whether there are older ones that fit.
    pub more: bool,
    /// How many fit the text, by how they ended.
    pub counts: OutcomeCounts,
}

/// Numbers of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct OutcomeCounts {
    /// All went well.
    pub succeeded: u32,
    /// Something failed.
    pub failed: u32,
    /// They were stopped.
    pub cancelled: u32,
    /// The far side could not be asked.
    pub lost: u32,
}

impl OutcomeKind {
    /// As it is written in an outcome.
    fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Lost => "lost",
        }
    }
}

/// Conditions and their values, in one order.
#[derive(Default)]
struct Conditions {
    text: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Conditions {
    /// Jobs that ended and have all words of `text`, small and capital letters alike.
    fn words(text: &str) -> Self {
        let mut conditions = Self {
            text: "outcome IS NOT NULL".to_owned(),
            values: Vec::new(),
        };
        for word in text.split_whitespace() {
            let pattern = format!("%{}%", escaped(word));
            conditions.add(
                r"(title || char(10) || request || char(10) || outcome) LIKE ? ESCAPE '\'",
                pattern,
            );
        }
        conditions
    }

    fn add(&mut self, condition: &str, value: impl ToSql + 'static) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self.values.push(Box::new(value));
    }
}

/// A word in which nothing is a wildcard.
fn escaped(word: &str) -> String {
    word.chars()
        .flat_map(|letter| {
            let special = matches!(letter, '%' | '_' | '\\');
            special.then_some('\\').into_iter().chain([letter])
        })
        .collect()
}

impl History {
    /// Looks for jobs that ended.
    pub fn search(&self, query: &HistoryQuery) -> Result<HistoryPage, HistoryError> {
        self.try_to_end_interrupted();
        let counts = self.counts(&query.text).map_err(HistoryError::Read)?;
        let mut conditions = Conditions::words(&query.text);
        if let Some(outcome) = query.outcome {
            conditions.add("json_extract(outcome, '$.type') = ?", outcome.word());
        }
        if let Some(before) = &query.before {
            conditions.add("id < ?", before.to_string());
        }
        // One more than wanted tells whether there are more.
        let limit = i64::try_from(query.limit.saturating_add(1)).unwrap_or(i64::MAX);
        let statement = format!(
            "SELECT {} FROM jobs WHERE {} ORDER BY id DESC LIMIT {limit}",
            JobRecord::COLUMNS,
            conditions.text
        );
        let mut found = self.records(&statement, params_from_iter(conditions.values))?;
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        Ok(HistoryPage {
            records: found.into_iter().filter_map(readable).collect(),
            more,
            counts,
        })
    }

    fn counts(&self, text: &str) -> rusqlite::Result<OutcomeCounts> {
        let conditions = Conditions::words(text);
        let query = format!(
            "SELECT json_extract(outcome, '$.type'), count(*) FROM jobs WHERE {} GROUP BY 1",
            conditions.text
        );
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&query)?;
        let rows = statement.query_map(params_from_iter(conditions.values), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
        })?;
        let mut counts = OutcomeCounts::default();
        for row in rows {
            let (word, count) = row?;
            match word.as_str() {
                "succeeded" => counts.succeeded = count,
                "cancelled" => counts.cancelled = count,
                "lost" => counts.lost = count,
                _ => counts.failed += count,
            }
        }
        Ok(counts)
    }
}
