//! Four strokes on a sheet: the one file that names `plotters`.

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, IntoFont, PathElement, RGBColor, Rectangle, SVGBackend,
    ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};

/// The width of every picture.
pub(super) const WIDTH: i32 = 960;

/// The size of most words.
pub(super) const SIZE: i32 = 14;

/// A colour as 0xRRGGBB.
pub(super) type Ink = u32;

/// Words.
pub(super) const INK: Ink = 0x26_32_38;

/// Words that may be overlooked.
pub(super) const QUIET: Ink = 0x5f_6b_73;

/// Lines that help the eye.
pub(super) const HAIR: Ink = 0xd8_dd_e1;

/// Paper.
pub(super) const PAPER: Ink = 0xff_ff_ff;

/// The library asks for sizes a quarter larger than it writes.
const LIBRARY: f64 = 1.24;

/// On which side of its point a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    /// It begins there.
    Right,
    /// It is centred there.
    Middle,
    /// It ends there.
    Left,
}

/// A sheet to draw on. Positions are pixels from the upper left.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl<'a> Canvas<'a> {
    pub(super) fn on(target: &'a mut String, height: i32) -> Canvas<'a> {
        let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
        Canvas {
            area: SVGBackend::with_string(target, size).into_drawing_area(),
        }
    }

    pub(super) fn rectangle(
        &self,
        from: (i32, i32),
        to: (i32, i32),
        ink: Ink,
    ) -> Result<(), String> {
        let style = ShapeStyle::from(colour(ink)).filled();
        self.area
            .draw(&Rectangle::new([from, to], style))
            .map_err(|why| why.to_string())
    }

    pub(super) fn line(
        &self,
        from: (i32, i32),
        to: (i32, i32),
        ink: Ink,
        width: u32,
    ) -> Result<(), String> {
        let style = colour(ink).stroke_width(width);
        self.area
            .draw(&PathElement::new([from, to], style))
            .map_err(|why| why.to_string())
    }

    pub(super) fn dot(&self, at: (i32, i32), radius: i32, ink: Ink) -> Result<(), String> {
        let style = ShapeStyle::from(colour(ink)).filled();
        self.area
            .draw(&Circle::new(at, radius, style))
            .map_err(|why| why.to_string())
    }

    pub(super) fn text(
        &self,
        at: (i32, i32),
        side: Side,
        words: &str,
        pen: Pen,
    ) -> Result<(), String> {
        let horizontal = match side {
            Side::Right => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Left => HPos::Right,
        };
        let weight = if pen.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let style = ("sans-serif", f64::from(pen.size) * LIBRARY)
            .into_font()
            .style(weight)
            .color(&colour(pen.ink))
            .pos(Pos::new(horizontal, VPos::Center));
        self.area
            .draw(&Text::new(words.to_owned(), at, style))
            .map_err(|why| why.to_string())
    }

    pub(super) fn finish(self) -> Result<(), String> {
        self.area.present().map_err(|why| why.to_string())
    }
}

/// How words are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) size: i32,
    pub(super) ink: Ink,
    pub(super) bold: bool,
}

impl Pen {
    pub(super) const fn plain(size: i32, ink: Ink) -> Pen {
        Pen {
            size,
            ink,
            bold: false,
        }
    }

    pub(super) const fn bold(size: i32, ink: Ink) -> Pen {
        Pen {
            size,
            ink,
            bold: true,
        }
    }
}

fn colour(ink: Ink) -> RGBColor {
    let [_, red, green, blue] = ink.to_be_bytes();
    RGBColor(red, green, blue)
}
