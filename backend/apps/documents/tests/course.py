"""A short course on photosynthesis, written for the tests: one page each, with facts that stand on no other page."""

PAGES: tuple[tuple[str, str], ...] = (
    (
        "1. Why photosynthesis matters",
        "Almost every food chain on Earth begins with photosynthesis. Plants, algae and cyanobacteria take in carbon "
        "dioxide and water and use the energy of sunlight to build sugar, giving off oxygen as a by-product.\n\n"
        "The summary equation is simple: six molecules of carbon dioxide and six molecules of water give one molecule "
        "of glucose and six molecules of oxygen. Behind it stand dozens of separate steps, which this course follows "
        "in order.\n\n"
        "About half of the world's photosynthesis happens in the sea, most of it in drifting single cells that are "
        "called phytoplankton. The oxygen of our air was first made by cyanobacteria, and the rise in oxygen about "
        "2.4 billion years ago is known as the Great Oxidation Event.",
    ),
    (
        "2. A short history",
        "In 1648 the work of Jan Baptist van Helmont was published. He had grown a willow in a pot for five years and "
        "weighed the soil before and after: the tree had gained about 74 kilograms, the soil had lost only some 57 "
        "grams. He concluded that wood comes from water alone, which was wrong, but his method of weighing was right."
        "\n\nIn 1771 Joseph Priestley showed that a sprig of mint could restore air in which a candle had gone out. "
        "Jan Ingenhousz found in 1779 that this happens only in light, and only by the green parts of a plant.\n\n"
        "Nicolas-Théodore de Saussure completed the picture in 1804 by showing that water itself is used up.",
    ),
    (
        "3. The leaf",
        "A leaf is built to catch light without losing too much water. Its upper skin, the epidermis, is transparent "
        "and covered by a waxy cuticle.\n\nBelow it stand the palisade cells, tall and packed with chloroplasts. The "
        "spongy tissue underneath has large air spaces through which gases move to every cell.\n\nGases enter through "
        "pores called stomata, which lie mostly on the lower side. Each stoma is opened and closed by two guard cells: "
        "when potassium ions flow in, water follows, the guard cells swell and the pore opens. In drought the hormone "
        "abscisic acid makes them close.",
    ),
    (
        "4. The chloroplast",
        "Photosynthesis takes place in the chloroplast, an organelle of about five micrometres with two outer "
        "membranes. A third system of membranes lies inside: flat sacs called thylakoids, stacked into grana.\n\n"
        "The fluid around the thylakoids is the stroma. It holds the enzymes that make sugar, and the chloroplast's "
        "own ring of DNA with roughly one hundred genes.\n\nChloroplasts descend from cyanobacteria that were "
        "swallowed by a larger cell more than a billion years ago. Lynn Margulis argued for this theory of "
        "endosymbiosis in 1967, at first against much resistance: her paper was refused by about fifteen journals.",
    ),
    (
        "5. Pigments and light",
        "Chlorophyll a absorbs mostly violet-blue and red light, with a peak in the red at about 662 nanometres when "
        "it is dissolved in ether. Green light is absorbed least, which is why leaves look green.\n\nChlorophyll b and "
        "the carotenoids absorb other wavelengths and pass the energy on. Carotenoids also protect the plant: they "
        "turn surplus light into heat. In autumn chlorophyll is broken down first, so that their yellow and orange "
        "become visible.\n\nAt the centre of a chlorophyll molecule sits one atom of magnesium. Theodor Engelmann "
        "showed in 1882, with bacteria that gather where there is oxygen, that red and blue light drive "
        "photosynthesis best.",
    ),
    (
        "6. The light reactions",
        "The light reactions take place in the thylakoid membrane. Light strikes photosystem II, whose central pair "
        "of chlorophylls is called P680, and lifts an electron to a higher energy.\n\nThe lost electron is replaced "
        "from water: a cluster with four manganese atoms splits water into oxygen, protons and electrons. This is the "
        "only source of the oxygen that plants give off.\n\nThe electron travels through plastoquinone, the cytochrome "
        "b6f complex and plastocyanin to photosystem I, whose centre is called P700. A second photon lifts it again, "
        "and ferredoxin hands it on to make NADPH.",
    ),
    (
        "7. Making ATP",
        "While electrons flow, protons are gathered inside the thylakoid. The inside reaches a pH of about 5, while "
        "the stroma outside rises to about 8.\n\nThe protons flow back through ATP synthase, a rotating enzyme that "
        "joins phosphate to ADP and so makes ATP. Peter Mitchell proposed this chemiosmotic mechanism in 1961 and "
        "received the Nobel Prize for it in 1978.\n\nAndré Jagendorf confirmed it in the dark: he soaked thylakoids in "
        "acid, moved them to an alkaline bath, and they made ATP without any light at all.",
    ),
    (
        "8. The Calvin cycle",
        "In the stroma carbon dioxide is built into sugar. Melvin Calvin, Andrew Benson and James Bassham found the "
        "path with radioactive carbon-14 in the alga Chlorella; Calvin received the Nobel Prize in 1961.\n\nThe cycle "
        "has three phases: fixation, reduction and regeneration. Carbon dioxide is joined to ribulose bisphosphate, a "
        "sugar with five carbon atoms, and the product falls apart into two molecules of 3-phosphoglycerate.\n\nFor "
        "one molecule of the sugar G3P the cycle turns three times and uses nine ATP and six NADPH. Five of every six "
        "G3P molecules go back into the cycle.",
    ),
    (
        "9. Rubisco and photorespiration",
        "The enzyme that fixes carbon dioxide is called Rubisco. It is probably the most abundant protein on Earth, "
        "since it is slow: one molecule fixes only about three to ten carbon dioxide molecules in a second.\n\nRubisco "
        "also mistakes oxygen for carbon dioxide. The repair of this mistake is called photorespiration; it costs "
        "energy and gives off carbon dioxide again. On a hot day it can waste a quarter of what a wheat leaf has "
        "fixed.\n\nThe repair runs through three organelles: chloroplast, peroxisome and mitochondrion.",
    ),
    (
        "10. C4 and CAM plants",
        "Some plants have found a way around photorespiration. In maize and sugar cane carbon dioxide is first caught "
        "by the enzyme PEP carboxylase, which ignores oxygen, and carried as malate into the bundle sheath cells. This "
        "ring of cells is called Kranz anatomy, after the German word for wreath.\n\nCacti and pineapples do the same "
        "in time instead of space: they open their stomata at night, store malic acid in the vacuole, and close them "
        "by day. This is called CAM, crassulacean acid metabolism.\n\nOnly about three percent of plant species use "
        "the C4 path, yet they do nearly a quarter of the photosynthesis on land.",
    ),
    (
        "11. What limits the rate",
        "The rate of photosynthesis depends on light, on carbon dioxide and on temperature. Frederick Blackman stated "
        "in 1905 that the factor in shortest supply sets the rate: the law of limiting factors.\n\nThe light intensity "
        "at which a leaf takes up exactly as much carbon dioxide as it gives off is the compensation point. Shade "
        "plants such as wood sorrel reach it in far weaker light than sunflowers do.\n\nGrowers of tomatoes raise the "
        "carbon dioxide in their greenhouses to about 1,000 parts per million, more than twice that of the open air.",
    ),
    (
        "12. Experiments for the classroom",
        "To show that a leaf has made starch, boil it, remove its chlorophyll in warm alcohol and add iodine solution: "
        "starch turns blue-black. A leaf that was kept in the dark for 48 hours stays brown.\n\nTo measure the rate, "
        "count the bubbles of the water plant Elodea at different distances from a lamp. A pinch of sodium hydrogen "
        "carbonate in the water supplies carbon dioxide.\n\nPaper chromatography separates the pigments: carotene "
        "travels farthest, then xanthophyll, chlorophyll a and last chlorophyll b.",
    ),
)

COURSE = [f"{title}\n\n{text}" for title, text in PAGES]  # as a file of one page for each
