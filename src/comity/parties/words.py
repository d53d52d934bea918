"""The 256 words of a fingerprint, to be read out over a telephone.

English nouns of four to seven letters; the first four letters differ, and so do at least three
letters between any two words. The order is part of the format (spec 2.4.4): never edit it.
"""

from typing import Final

_TEXT: Final = """
acorn album alert alley almond amber anchor angle apron arch aspen atlas attic autumn axis
badge bamboo banjo basil basket bazaar beacon beaver bench berry bicycle bishop bonnet border
bottle brick bronze buffalo button cabin cactus camel canoe cargo carpet castle cedar cello
chalk cheese chimney cinema circle citrus clover cobalt coconut compass copper cradle crayon
cricket crystal curtain dahlia daisy dancer delta denim desert diamond diesel doctor dolphin
domino donkey drawer drum dune echo eclipse elbow elder embassy emerald engine estuary fabric
falafel falcon feather fennel fiddle figure finger flute forest fossil fungus galaxy garden
garlic gazelle giraffe glacier globe goblet gondola gospel granite gravel guitar gypsum
hammock harbour harvest helmet hickory horizon hotel humid hurdle iceberg igloo indigo inkwell
insect island ivory jaguar jasmine jigsaw journal juniper jury kayak kidney kiosk kitchen kiwi
knight koala ladder lagoon lantern laurel lava lemon leopard lettuce library lilac linen
lizard lobby lobster locket lotus lunar lyric magnet mammoth maple meadow mercury meteor
mineral mirror mitten monsoon mosaic muffin museum mustard napkin nectar needle nickel nougat
nutmeg nylon oboe ocean octave olive onion opal orbit orchid ostrich otter oxford oxygen
palace panda paper parrot pastry pebble pelican piano pilgrim pillow planet poem poplar potato
prairie pretzel pumpkin puppet puzzle pyramid quarry quilt quiver rabbit rainbow raisin ravine
reef rhubarb ribbon ripple saffron sailor school sequoia silver sketch spiral spruce squash
stable summit sunset swan tavern teacup temple thistle thunder tractor trumpet tulip tundra
twig unicorn vanilla village violin volcano voyage waffle walnut window yacht yogurt zebra
zenith zigzag
"""

WORDS: Final[tuple[str, ...]] = tuple(_TEXT.split())
