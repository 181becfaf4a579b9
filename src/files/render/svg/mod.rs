//! Pictures as SVG.
//!
//! Drawn with `plotters`, which only `canvas` names. Positions are laid out here, from the widths of
//! the words themselves, so that no label is cut or covers another. A picture carries its title and
//! its data as text, for readers who cannot see it.

mod canvas;

mod intervals;

mod parts;

mod ranges;

mod shifts;

use super::{Error, markdown};
use crate::report::{Figure, Kind};

/// Gives a picture as one `<svg>` element.
///
/// # Errors
///
/// [`Error::Picture`] if the drawing library refuses.
pub fn picture(figure: &Figure) -> Result<String, Error> {
    let drawn = match &figure.kind {
        Kind::Intervals { rows, bands, end } => intervals::draw(rows, bands, *end),
        Kind::Parts { parts, bars } => parts::draw(parts, bars),
        Kind::Ranges { rows } => ranges::draw(rows),
        Kind::Shifts { rows } => shifts::draw(rows),
    };
    let svg = drawn.map_err(|why| Error::Picture {
        name: figure.name.clone(),
        why,
    })?;
    Ok(with_words(&svg, figure))
}

/// Gives the picture a title and a description that screen readers speak.
fn with_words(svg: &str, figure: &Figure) -> String {
    let told = markdown::rows(&figure.kind).join("; ");
    let (title, told) = (escaped(&figure.caption), escaped(&told));
    let name = escaped(&figure.name);
    let opened = format!("<svg role=\"img\" aria-labelledby=\"{name}-title {name}-data\"");
    let words =
        format!("<title id=\"{name}-title\">{title}</title><desc id=\"{name}-data\">{told}</desc>");
    let svg = svg.trim().replacen("<svg", &opened, 1);
    match svg.split_once('>') {
        Some((head, rest)) => format!("{head}>{words}{rest}"),
        None => svg,
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            '"' => escaped += "&quot;",
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::picture;
    use crate::report::{Band, Bar, Dot, Figure, Kind};

    fn intervals(values: &[f64]) -> Figure {
        let dot = |&value: &f64| Dot {
            group: "fixed <phone>".into(),
            label: "Telecom & Co".into(),
            value,
            interval: Some((value - 1.0, value + 1.0)),
            printed: format!("{value:.2}"),
        };
        let band = |(from, label): (f64, &str)| Band {
            from,
            label: label.into(),
        };
        Figure {
            name: "index".into(),
            caption: "Index".into(),
            kind: Kind::Intervals {
                rows: values.iter().map(dot).collect(),
                bands: [(0.0, "low"), (50.0, "middle"), (80.0, "high")]
                    .map(band)
                    .to_vec(),
                end: 100.0,
            },
        }
    }

    /// Values of an attribute of all elements of one kind.
    fn attribute(svg: &str, element: &str, name: &str) -> Vec<f64> {
        let opened = format!("<{element} ");
        let key = format!(" {name}=\"");
        svg.split(&opened)
            .skip(1)
            .filter_map(|rest| {
                let head = &rest[..rest.find('>')?];
                let head = format!(" {head}");
                let at = head.find(&key)? + key.len();
                head[at..].split('"').next()?.parse().ok()
            })
            .collect()
    }

    #[test]
    fn a_picture_tells_its_data_in_words() {
        let svg = picture(&intervals(&[78.0])).expect("a picture");
        assert!(svg.starts_with("<svg role=\"img\""));
        assert!(svg.contains("<title id=\"index-title\">Index</title>"));
        assert!(svg.contains("fixed &lt;phone&gt;, Telecom &amp; Co: 78.00 (77.00–79.00)"));
        assert!(!svg.contains("<script"));
    }

    #[test]
    fn every_value_has_a_dot_within_the_picture_and_larger_values_stand_further_right() {
        for start in 0..90 {
            let values: Vec<f64> = (0..4)
                .map(|i| f64::from(start) + 3.0 * f64::from(i))
                .collect();
            let svg = picture(&intervals(&values)).expect("a picture");
            let at = attribute(&svg, "circle", "cx");
            assert_eq!(at.len(), 4);
            assert!(
                at.is_sorted() && at[0] > 0.0 && at[3] < 960.0,
                "from {start}: {at:?}"
            );
        }
    }

    #[test]
    fn pictures_of_nothing_are_still_pictures() {
        assert!(picture(&intervals(&[])).is_ok());
        let kind = Kind::Parts {
            parts: vec!["a".into()],
            bars: vec![],
        };
        assert!(
            picture(&Figure {
                name: "n".into(),
                caption: "N".into(),
                kind
            })
            .is_ok()
        );
        let bars = vec![Bar {
            label: "x".into(),
            counts: vec![0],
        }];
        let kind = Kind::Parts {
            parts: vec!["a".into()],
            bars,
        };
        assert!(
            picture(&Figure {
                name: "n".into(),
                caption: "N".into(),
                kind
            })
            .is_ok()
        );
    }

    #[test]
    fn parts_fill_their_bar() {
        let bars = vec![Bar {
            label: "x".into(),
            counts: vec![1, 0, 2],
        }];
        let parts = ["a", "b", "c"].map(String::from).to_vec();
        let figure = Figure {
            name: "n".into(),
            caption: "N".into(),
            kind: Kind::Parts { parts, bars },
        };
        let svg = picture(&figure).expect("a picture");
        // two swatches of the legend (b never occurs), two parts of the bar
        assert_eq!(attribute(&svg, "rect", "width").len(), 4);
        let widths = &attribute(&svg, "rect", "width")[2..];
        assert!((widths[1] / widths[0] - 2.0).abs() < 0.02, "{widths:?}");
    }
}
