//! Writes the corpus that fuzzing starts from, into `corpus/TARGET/`: the project's own test photos,
//! small pictures of every format, depth and turn, profiles, indexes, and lines of arguments.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};

type Done = Result<(), Box<dyn std::error::Error>>;

fn main() -> Done {
    photos()?;
    profiles()?;
    flags()?;
    xmp()?;
    others()
}

fn seed(target: &str, name: &str, bytes: &[u8]) -> Done {
    let folder = here().join("corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(name), bytes)?)
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn photos() -> Done {
    let data = here().join("../tests/data/photos");
    fixtures(&data, |_| "photo")?;
    // Of their own, so that each has its time.
    fixtures(&data.join("heif"), |ending| if ending == "jxl" { "jxl" } else { "heif" })?;
    let rgb = DynamicImage::ImageRgb8(RgbImage::from_fn(97, 61, |x, y| {
        image::Rgb([(x * 2) as u8, (y * 4) as u8, ((x * y) % 251) as u8])
    }));
    let kinds = [
        ("rgb", rgb.clone()),
        ("grey", rgb.to_luma8().into()),
        ("grey-alpha", rgb.to_luma_alpha8().into()),
        ("rgba", rgb.to_rgba8().into()),
        ("rgb-16", rgb.to_rgb16().into()),
        ("rgba-16", rgb.to_rgba16().into()),
        ("grey-16", rgb.to_luma16().into()),
    ];
    let formats = ["png", "jpg", "gif", "bmp", "tiff", "webp"];
    for (kind, picture) in &kinds {
        for ending in formats {
            let format = ImageFormat::from_extension(ending).ok_or("no such format")?;
            let mut bytes = Cursor::new(Vec::new());
            // Not every format takes every kind.
            if picture.write_to(&mut bytes, format).is_ok() {
                seed("photo", &format!("{kind}.{ending}"), &bytes.into_inner())?;
            }
        }
    }
    for quality in [1, 50, 100] {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&rgb)?;
        seed("photo", &format!("quality-{quality}.jpg"), &bytes)?;
    }
    Ok(())
}

/// The files of a folder, each as a seed of the target that its name's ending tells.
fn fixtures(folder: &Path, target: impl Fn(&str) -> &'static str) -> Done {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let target = target(path.extension().unwrap_or_default().to_str().unwrap_or_default());
            seed(target, &name, &std::fs::read(&path)?)?;
        }
    }
    Ok(())
}

/// A profile of made-up faces, and its variants.
fn profiles() -> Done {
    let pack = sameface::pack::Pack::default_pack()?;
    let population = sameface::decision::Population::of(&pack)?;
    let faces = population.strangers(3, 1);
    for method in ["centroid", "nearest", "plda", "svm", "supervised"] {
        let photo = |(i, embedding): (usize, &Vec<f32>)| {
            serde_json::json!({
                "path": format!("{i}.jpg"), "sha256": format!("{i}"), "status": "kept",
                "face": {
                    "box": [1.0, 2.0, 30.0, 40.0], "confidence": 0.99,
                    "landmarks": [[9.0, 9.0], [19.0, 9.0], [14.0, 14.0], [10.0, 19.0], [18.0, 19.0]],
                    "quality": { "eye_distance": 10.0, "sharpness": 0.2, "yaw": 1.0, "confidence": 0.99, "concerns": ["small"] },
                    "embedding": embedding,
                },
                "bystanders": 0, "evidence": 4.5,
            })
        };
        let mut photos: Vec<_> = faces.iter().take(2).enumerate().map(photo).collect();
        photos.push(serde_json::json!({
            "path": "x.jpg", "sha256": "", "status": "set-aside", "reason": { "unreadable": "damaged" },
            "face": null, "bystanders": 0, "evidence": null,
        }));
        let profile = serde_json::json!({
            "version": 1, "name": "A", "models": pack.identity(), "method": method,
            "threshold": { "far": 1e-4 }, "photos": photos, "negatives": [faces[2]],
            "look_alikes": [{ "name": "B", "embeddings": [faces[2]] }],
        });
        seed("profile", method, &serde_json::to_vec(&profile)?)?;
    }
    // Short ones, in which a change of a byte is more likely to matter.
    let tiny = r#"{"version":1,"name":"A","models":"p","fast":false,"method":"plda","threshold":{"evidence":4},"photos":[{"path":"a","sha256":"","status":"kept","face":{"box":[1,2,3,4],"confidence":1,"landmarks":[[1,1],[2,1],[1,2],[1,3],[2,3]],"quality":{"eye_distance":1,"sharpness":1,"yaw":1,"confidence":1},"embedding":[1]},"bystanders":0,"evidence":null}],"negatives":[],"look_alikes":[]}"#;
    seed("profile", "tiny", tiny.as_bytes())
}

/// Documents with a region and keywords, in the forms that programs give them; the first byte is the photo's turn.
fn xmp() -> Done {
    let frame = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
                 xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' \
                 xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' \
                 xmlns:stDim='http://ns.adobe.com/xap/1.0/sType/Dimensions#' \
                 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:MP='http://ns.microsoft.com/photo/1.2/' \
                 xmlns:MPRI='http://ns.microsoft.com/photo/1.2/t/RegionInfo#' \
                 xmlns:MPReg='http://ns.microsoft.com/photo/1.2/t/Region#'";
    let area = "<mwg-rs:Area stArea:x='0.2' stArea:y='0.2' stArea:w='0.1' stArea:h='0.2'/>";
    let list =
        |items: &str| format!("<mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList>");
    let size = "<mwg-rs:AppliedToDimensions stDim:w='400' stDim:h='300' stDim:unit='pixel'/>";
    let described = format!(
        "<rdf:li><rdf:Description mwg-rs:Name='A' mwg-rs:Type='Face'>{area}</rdf:Description></rdf:li>"
    );
    let resource =
        format!("<rdf:li rdf:parseType='Resource'><mwg-rs:Name>A</mwg-rs:Name>{area}</rdf:li>");
    let unnamed = format!("<rdf:li rdf:parseType='Resource'><mwg-rs:Name/>{area}</rdf:li>");
    let regions = |items: &str| {
        format!("<mwg-rs:Regions rdf:parseType='Resource'>{size}{}</mwg-rs:Regions>", list(items))
    };
    let microsoft = "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag><rdf:li MPReg:Rectangle='0.1,0.1,0.2,0.2' \
                     MPReg:PersonDisplayName='A'/></rdf:Bag></MPRI:Regions></MP:RegionInfo>";
    let keywords = "<dc:subject><rdf:Bag><rdf:li>B</rdf:li></rdf:Bag></dc:subject>";
    let all = [
        ("described", regions(&described)),
        ("resource", regions(&resource) + keywords),
        ("unnamed", regions(&unnamed)),
        ("microsoft", microsoft.to_owned()),
        ("empty", "<mwg-rs:Regions/><dc:subject/>".to_owned()),
        ("none", "<!-- a --><![CDATA[b]]>&amp;&#10;".to_owned()),
    ];
    for (turn, (name, properties)) in all.iter().enumerate() {
        let text = format!(
            "{turn}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {frame}><rdf:Description \
             rdf:about=''>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
        );
        seed("xmp", name, text.as_bytes())?;
    }
    Ok(())
}

fn flags() -> Done {
    let lines = [
        "enroll\nphotos\n--name\nAnna\n--far\n1e-4\n--method\nplda\n--threads\n2",
        "enroll\nphotos\n--threshold\n4.5\n--not-this-person\ntwin\n--add",
        "check\na.jpg\n--far\n0.01%\n--prior\n10%\n--json\n--annotate\nout",
        "scan\nphotos\n--copy-to\nfound\n--csv\n--sort\nscore",
        "plot\nout.png\n--size\n800x600\n--projection\ntsne\n--with\nothers",
        "sheet\nout.png\n--size\n640x480",
        "eval\n--people\nlfw\n--enrolled\n1,3,5\n--refit\n2\n--plot\nout.svg\n--size\n800x700",
        "eval\n--positives\na\n--negatives\nb\n--folds\n5",
        "embed\nphotos\n--out\nfaces.npy",
        "index\nprune",
        "profile\nshow\n--json",
        "doctor",
        "completions\nbash",
        "--help",
    ];
    for (number, line) in lines.iter().enumerate() {
        seed("flags", &format!("{number}"), line.as_bytes())?;
    }
    Ok(())
}

/// Bytes for the two targets that make their inputs of them.
fn others() -> Done {
    let photo = std::fs::read(Path::new(&here()).join("../tests/data/photos/turned.png"))?;
    for target in ["crop", "index"] {
        for size in [16, 64, 128] {
            seed(target, &format!("bytes-{size}"), &photo[..size.min(photo.len())])?;
            seed(target, &format!("zeros-{size}"), &vec![0; size])?;
            seed(target, &format!("ones-{size}"), &vec![0xFF; size])?;
        }
    }
    Ok(())
}
