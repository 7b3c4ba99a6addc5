//! Photos of several people, made by us: the portrait of `tests/data`, its face pulled into other
//! shapes until every pack takes it for somebody else, and posed anew for each photo.

use std::path::Path;

use image::{Rgb, RgbImage};

/// The middle of the portrait's face, in its pixels; 100 of them are the unit of all shapes.
const MIDDLE: (f64, f64) = (223.4, 122.5);
const UNIT: f64 = 100.0;
/// Around a face that is smaller than its photo.
const WALL: Rgb<u8> = Rgb([116, 120, 128]);

/// How a simulated person's face differs from the portrait's.
pub struct Person {
    /// How many times as wide it is.
    wide: f64,
    /// How far its sides are pulled up.
    bent: f64,
    /// How much narrower it is at the chin than at the forehead.
    narrow: f64,
    /// The exponent of its brightness: above 1 the skin is darker.
    tone: f64,
    /// What is done around its eyes, nose and corners of the mouth.
    pulls: [Pull; 5],
}

/// A spot of a face that is pulled aside and enlarged.
struct Pull {
    /// Where, in the portrait's pixels.
    at: (f64, f64),
    /// How far it reaches, in the same.
    reach: f64,
    /// How much smaller what is there becomes; below 0 it becomes larger.
    shrunk: f64,
    /// From how far what is there comes, in the same.
    from: (f64, f64),
}

const fn pull(at: (f64, f64), reach: f64, shrunk: f64, from: (f64, f64)) -> Pull {
    Pull { at, reach, shrunk, from }
}

/// The portrait as it is.
pub const ANN: Person = Person {
    wide: 1.0,
    bent: 0.0,
    narrow: 0.0,
    tone: 1.0,
    pulls: [const { pull((0.0, 0.0), 1.0, 0.0, (0.0, 0.0)) }; 5],
};

pub const BOB: Person = Person {
    wide: 1.45,
    bent: 0.45,
    narrow: 0.34,
    tone: 1.77,
    pulls: [
        pull((203.8, 101.1), 15.0, -0.2, (4.0, -5.0)),
        pull((245.1, 101.4), 15.0, 0.37, (7.0, -1.0)),
        pull((223.1, 124.3), 16.0, 0.46, (-7.0, -2.0)),
        pull((204.2, 143.9), 22.0, 0.28, (4.0, 0.0)),
        pull((240.3, 142.1), 21.0, -0.24, (6.0, 5.0)),
    ],
};

pub const CYD: Person = Person {
    wide: 1.45,
    bent: 0.28,
    narrow: 0.26,
    tone: 0.61,
    pulls: [
        pull((203.8, 101.1), 20.0, -0.33, (-8.0, -2.0)),
        pull((245.1, 101.4), 17.0, 0.22, (-3.0, -2.0)),
        pull((223.1, 124.3), 21.0, 0.21, (-5.0, 1.0)),
        pull((204.2, 143.9), 23.0, 0.49, (6.0, -3.0)),
        pull((240.3, 142.1), 24.0, -0.36, (-2.0, -6.0)),
    ],
};

/// How a face is shown in a photo.
#[derive(Clone, Copy)]
pub struct Pose {
    /// Where its middle is, in pixels of the photo.
    pub middle: (f64, f64),
    /// How large it is: 1 is the size that it has in the portrait.
    pub scale: f64,
    /// By how many degrees it is turned clockwise.
    pub turn: f64,
    /// The exponent of the light's brightness: above 1 it is darker.
    pub light: f64,
    /// Whether left and right are exchanged.
    pub mirrored: bool,
}

/// Upright, as large as in the portrait, in its light.
pub const UPRIGHT: Pose =
    Pose { middle: (160.0, 160.0), scale: 1.0, turn: 0.0, light: 1.0, mirrored: false };

/// A photo of so many columns and rows with `people` in it, the first in front of the others.
pub fn photo((width, height): (u32, u32), people: &[(&Person, Pose)]) -> RgbImage {
    let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/astronaut.png");
    let portrait = image::open(portrait).unwrap().into_rgb8();
    RgbImage::from_fn(width, height, |x, y| {
        let at = (f64::from(x), f64::from(y));
        let seen = people.iter().find_map(|(person, pose)| person.seen(&portrait, pose, at));
        seen.unwrap_or(WALL)
    })
}

impl Person {
    /// The colour of this person at a place of a photo; `None` beside them.
    fn seen(&self, portrait: &RgbImage, pose: &Pose, (x, y): (f64, f64)) -> Option<Rgb<u8>> {
        let (sin, cos) = pose.turn.to_radians().sin_cos();
        let (right, down) = (x - pose.middle.0, y - pose.middle.1);
        let u = (cos * right + sin * down) / (UNIT * pose.scale);
        let v = (cos * down - sin * right) / (UNIT * pose.scale);
        let u = if pose.mirrored { -u } else { u };
        // Head and shoulders; more of the portrait would be in the way of others.
        if !(-1.2..1.2).contains(&u) || !(-1.2..2.0).contains(&v) {
            return None;
        }
        let (x, y) = self.source(u, v);
        sampled(portrait, x, y, self.tone * pose.light)
    }

    /// Where in the portrait the colour of a place of the face comes from.
    fn source(&self, u: f64, v: f64) -> (f64, f64) {
        let x = MIDDLE.0 + UNIT * u / self.wide * (1.0 + self.narrow * v);
        let y = MIDDLE.1 + UNIT * (v + self.bent * u * u);
        self.pulls.iter().fold((x, y), |(sx, sy), pull| {
            let (dx, dy) = (x - pull.at.0, y - pull.at.1);
            let weight = (-(dx * dx + dy * dy) / (pull.reach * pull.reach)).exp();
            let to = |off: f64, from: f64| weight * (off * pull.shrunk + from);
            (sx + to(dx, pull.from.0), sy + to(dy, pull.from.1))
        })
    }
}

/// The picture's colour between its pixels; `None` outside it.
fn sampled(picture: &RgbImage, x: f64, y: f64, tone: f64) -> Option<Rgb<u8>> {
    let (left, top) = (x.floor(), y.floor());
    let inside = |at: f64, end: u32| at >= 0.0 && at + 1.0 < f64::from(end);
    if !inside(left, picture.width()) || !inside(top, picture.height()) {
        return None;
    }
    let at = |dx: u32, dy: u32, c: usize| {
        f64::from(picture.get_pixel(left as u32 + dx, top as u32 + dy)[c])
    };
    let channel = |c: usize| {
        let row = |dy| at(0, dy, c) + (x - left) * (at(1, dy, c) - at(0, dy, c));
        let value = row(0) + (y - top) * (row(1) - row(0));
        (255.0 * (value / 255.0).powf(tone)).round() as u8
    };
    Some(Rgb([channel(0), channel(1), channel(2)]))
}
