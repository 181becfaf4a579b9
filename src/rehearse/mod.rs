//! A survey tried out on people who do not exist.
//!
//! Before anyone is called, the whole survey is run on an invented list, invented calls and invented
//! answers, of which the truth is known. What the program then says can be held against it.
//!
//! - **Nobody is called.** [`Register`] gives only numbers that cannot be dialled.
//! - **The same seed invents the same people**, on any machine, with any number of threads. A row of
//!   the list, and what becomes of a case, do not depend on other rows or cases.
//! - **No draw is made of this.** Inventions come from [`pretend`](crate::random::pretend), draws
//!   never do.
//! - **What is invented stands in a [`Recipe`]**, number by number, where a reader can doubt it.

mod recipe;

mod place;

mod register;

mod relation;

mod profile;

mod calls;

mod answers;

mod line;

mod timetable;

mod error;

#[cfg(test)]
mod samples;

pub use calls::{Invented, Sheet, invent};
pub use error::Error;
pub use place::{BLOCKS, DISTRICTS};
pub use recipe::{
    AnswersRecipe, CallsRecipe, Cell, ItemKind, ItemRecipe, Local, Operator, Recipe,
    RegisterRecipe, Service, ServiceKind, Truth, Zone,
};
pub use register::Register;
