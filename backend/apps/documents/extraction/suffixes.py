"""What the end of a name says of a file's kind, where content alone does not tell."""

from apps.documents.extraction.results import Kind

SUFFIXES: dict[str, Kind] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".potx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".odt": "odt",
    ".epub": "epub",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "text",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".webp": "image",
    ".gif": "image",
    ".tif": "image",
    ".tiff": "image",
    ".bmp": "image",
}
_CODE_SUFFIXES = """
    .ada .adb .ads .asm .awk .bas .bash .bat .c .cc .cfg .clj .cls .cmake .cob .coffee .conf .cpp .cs .css .cu .cxx .d
    .dart .diff .el .elm .erl .ex .exs .f .f03 .f90 .f95 .fish .for .fs .fsx .go .gradle .graphql .groovy .h .hh .hpp
    .hrl .hs .hxx .ini .ino .ipynb .java .jl .js .json .jsonl .jsx .kt .kts .l .latex .less .lhs .lisp .lua .m .m4 .mk
    .ml .mli .mm .nim .nix .pas .patch .php .pl .plt .pm .pro .proto .ps1 .py .pyi .pyx .qml .r .rb .rkt .rmd .rs .s
    .sas .sass .sbt .scala .scm .scss .sh .sml .sol .sql .sty .sv .svelte .swift .tcl .tex .tf .toml .ts .tsx .v .vb
    .vhd .vhdl .vim .vue .wat .xml .xsd .xsl .xslt .y .yaml .yml .zig .zsh
"""
CODE_SUFFIXES = frozenset(_CODE_SUFFIXES.split())
CODE_NAMES = frozenset({"makefile", "dockerfile", "cmakelists.txt", "rakefile", "gemfile", "jenkinsfile"})
