//! A table as CSV for programs: every text as it is, every number in the shortest form that gives the
//! same number.

use super::{Column, Columns};

/// The table as CSV in UTF-8, with a heading. Nothing is made harmless for spreadsheets; call lists are
/// written by [`texts`](super::texts).
///
/// ```
/// use canvass::files::{Column, Columns, plain};
/// let mut table = Columns::default();
/// table.push("id", Column::Text(vec!["007".into(), "a,b".into()]));
/// table.push("weight", Column::Real(vec![Some(2.5), None]));
/// assert_eq!(plain::csv(&table), "id,weight\n007,2.5\n\"a,b\",\n");
/// ```
#[must_use]
pub fn csv(table: &Columns) -> String {
    const MEMORY: &str = "writing to memory cannot fail";
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer
        .write_record(table.0.iter().map(|(name, _)| name))
        .expect(MEMORY);
    for row in 0..table.rows() {
        writer
            .write_record(table.0.iter().map(|(_, column)| column.text(row)))
            .expect(MEMORY);
    }
    let bytes = writer.into_inner().expect(MEMORY);
    String::from_utf8(bytes).expect("text cells make a text")
}

impl Column {
    /// A cell as text; nothing is an empty text.
    fn text(&self, row: usize) -> std::borrow::Cow<'_, [u8]> {
        let bytes = |text: &str| text.as_bytes().to_vec().into();
        match self {
            Column::Text(values) => values[row].as_bytes().into(),
            Column::Coded(codes) => codes.label(row).as_bytes().into(),
            Column::Whole(values) => bytes(&values[row].to_string()),
            Column::Real(values) => {
                values[row].map_or(bytes(""), |value| bytes(&value.to_string()))
            }
            Column::Maybe(values) => values[row].as_deref().unwrap_or("").as_bytes().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Columns, csv};

    #[test]
    fn cells_are_written_as_they_are() {
        let mut table = Columns::default();
        table.push(
            "a",
            Column::Maybe(vec![Some("=1+1".into()), None, Some(" x\ny ".into())]),
        );
        table.push("n", Column::Whole(vec![1, 2, 3]));
        table.push(
            "p",
            Column::Real(vec![Some(0.1 + 0.2), Some(1.0), Some(1e-7)]),
        );
        let wanted = "a,n,p\n=1+1,1,0.30000000000000004\n,2,1\n\" x\ny \",3,0.0000001\n";
        assert_eq!(csv(&table), wanted);
    }

    #[test]
    fn a_table_without_rows_has_a_heading() {
        let mut table = Columns::default();
        table.push("a", Column::Text(vec![]));
        assert_eq!(csv(&table), "a\n");
    }
}
