#!/bin/sh
# What `.ci/fresh/wheel.sh` installed, used without a network: the command and the Python module.
set -eux
cd "$(dirname "$0")/../.."
. env/bin/activate
cd target/demo/photos
verify doctor
verify enroll obama
verify check obama-new/obama3.jpg
verify plot out.png
python -c "
import sameface
person = sameface.People().enroll('obama', name='Obama')
print(person.check('obama-new/obama3.jpg').verdict)"
