//! What an expression comes to, row by row.

use super::{Column, Comparison, Error, Function, Node, Operation, Table};

/// An expression over the columns of a table.
#[derive(Debug)]
pub(in crate::estimate) enum Row<'a> {
    Number(f64),
    Column(&'a [Option<f64>]),
    /// Whether a label is the same as this one.
    Same {
        labels: &'a [Option<String>],
        label: String,
        comparison: Comparison,
    },
    Negative(Box<Row<'a>>),
    Of(Operation, Box<Row<'a>>, Box<Row<'a>>),
    Function(Function, Box<Row<'a>>),
}

impl<'a> Row<'a> {
    /// # Errors
    ///
    /// [`Error`] if a column is missing or holds labels where numbers are needed; `wrong` says that a
    /// call is of no function.
    pub fn of(
        node: &Node,
        table: &'a Table,
        wrong: &dyn Fn(usize, &str) -> Error,
    ) -> Result<Row<'a>, Error> {
        let part = |node: &Node| Row::of(node, table, wrong).map(Box::new);
        Ok(match node {
            Node::Number(x) => Row::Number(*x),
            Node::Text(label) => {
                return Err(Error::Unordered {
                    label: label.clone(),
                });
            }
            Node::Column { name, .. } => match table.column(name)? {
                Column::Numbers(values) => Row::Column(values),
                Column::Labels(_) => {
                    return Err(Error::NotNumbers {
                        column: name.clone(),
                    });
                }
            },
            Node::Negative(inner) => Row::Negative(part(inner)?),
            Node::Of(Operation::Compare(comparison), a, b) => match (&**a, &**b) {
                (Node::Column { name, .. }, Node::Text(label))
                | (Node::Text(label), Node::Column { name, .. }) => {
                    Row::same(table, name, label, *comparison)?
                }
                _ => Row::Of(Operation::Compare(*comparison), part(a)?, part(b)?),
            },
            Node::Of(operation, a, b) => Row::Of(*operation, part(a)?, part(b)?),
            Node::Call { name, at, .. } => match node.function() {
                Some((function, inner)) => Row::Function(function, part(inner)?),
                None => return Err(wrong(*at, name)),
            },
        })
    }

    fn same(
        table: &'a Table,
        column: &str,
        label: &str,
        comparison: Comparison,
    ) -> Result<Row<'a>, Error> {
        let label = label.to_owned();
        match table.column(column)? {
            Column::Labels(labels) if !comparison.is_order() => Ok(Row::Same {
                labels,
                label,
                comparison,
            }),
            _ => Err(Error::Unordered { label }),
        }
    }

    /// What it comes to in a row; none if an answer it is made of is missing.
    pub fn at(&self, row: usize) -> Option<f64> {
        Some(match self {
            Row::Number(x) => *x,
            Row::Column(values) => values[row]?,
            Row::Same {
                labels,
                label,
                comparison,
            } => f64::from(u8::from(comparison.holds(labels[row].as_ref()?, label))),
            Row::Negative(inner) => -inner.at(row)?,
            Row::Of(operation, a, b) => operation.of(a.at(row)?, b.at(row)?),
            Row::Function(function, inner) => function.of(inner.at(row)?),
        })
    }
}
