"""The order of the house: what may import what, and what each file says of itself."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter

import pytest
from lossnr_site.reference import PACKAGE, imports, module_name

#: From the bottom up. A file imports from its own wing and from those before it.
WINGS = ["machine", "model", "solver", "sweeps", "beyond", "claims", "show", "reruns"]
FILES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}
FOLDERS = [wing for wing in WINGS if (PACKAGE / wing).is_dir()]
MODULES = {
    name: file for name, file in FILES.items() if file.name not in ("__init__.py", "__main__.py")
}
#: Examples of these would take seconds: they have tests. The command line explains itself.
WITHOUT_EXAMPLE = {
    "lossnr.claims.evidence.refined_peak",
    "lossnr.claims.printed.matches_print",
    "lossnr.cli.main",
    "lossnr.reruns.build.build_book",
    "lossnr.reruns.build.build_page",
    "lossnr.reruns.build.jupyter_book",
}


def floor(module):
    """Return the place of a module's wing in the order; the command line is above all wings."""
    wing = [*module.split("."), ""][1]
    return WINGS.index(wing) if wing in WINGS else len(WINGS)


@cache
def public(file):
    """Return the names in a file's __all__, or without one those that have no underscore."""
    names = []
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [name.value for name in node.value.elts if isinstance(name, ast.Constant)]
        if isinstance(node, ast.Assign):
            names += [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
        names += [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return [name for name in names if not name.startswith("_")]


@pytest.mark.parametrize("module", FILES)
def test_a_file_imports_only_from_below(module):
    upward = [name for name, _ in imports(FILES[module]) if floor(name) > floor(module)]
    assert not upward


def test_every_folder_is_a_wing():
    assert {file.parent.name for file in PACKAGE.glob("*/__init__.py")} == set(FOLDERS)


def test_the_readme_shows_the_wings_in_their_order():
    readme = (PACKAGE.parent / "README.md").read_text()
    assert re.findall(r"^\| `lossnr/(\w+)(?:/|\.py)` \|", readme, re.M) == [*WINGS, "cli"]


@pytest.mark.parametrize("wing", [*FOLDERS, "the files above"])
def test_within_a_wing_there_is_no_circle(wing):
    place = floor(f"lossnr.{wing}")
    files = {name: file for name, file in FILES.items() if floor(name) == place}
    graph = {name: {other for other, _ in imports(file)} for name, file in files.items()}
    order = list(TopologicalSorter(graph).static_order())  # the error of a circle names its modules
    assert files
    assert files.keys() <= set(order)


@pytest.mark.parametrize("wing", FOLDERS)
def test_a_wing_opens_with_its_charter_and_has_a_page(wing):
    charter = ast.get_docstring(ast.parse((PACKAGE / wing / "__init__.py").read_text()))
    assert charter.split("\n\n")[0].endswith(".")
    assert len(charter.split()) >= 5
    page = PACKAGE.parent / "book" / f"api-{wing}.md"
    assert f"% modules of {wing}\n" in page.read_text()
    assert f"- file: book/{page.stem}\n" in (PACKAGE.parent / "_toc.yml").read_text()


def test_the_package_is_light_to_import():
    code = "import sys, lossnr; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    heavy = {"IPython", "jupyter_client", "matplotlib", "nbformat", "numpy", "pandas", "papermill"}
    heavy |= {"qutip", "scipy", "sympy", "xarray"}
    assert not heavy.intersection(loaded)
    code = code.replace("lossnr;", "lossnr.claims;")  # the algebra is for the derivation's claims
    assert "sympy" not in subprocess.check_output([sys.executable, "-c", code], text=True).split()


def test_the_public_names_are_there():
    import lossnr

    names = {"DIRECTIONS", "ConvergenceError", "Device", "SteadyState", "__version__", "axis"}
    assert set(lossnr.__all__) == names | {"steady_state", "sweep", "versions"}
    assert set(lossnr.__all__) <= set(dir(lossnr))
    for name in lossnr.__all__:
        getattr(lossnr, name)
    with pytest.raises(AttributeError, match="module 'lossnr' has no attribute 'sweeep'"):
        lossnr.sweeep  # noqa: B018
    assert callable(lossnr.sweep)  # the function, beside the wing lossnr.sweeps


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is(module):
    assert ast.get_docstring(ast.parse(MODULES[module].read_text()))


def test_what_other_modules_import_is_public():
    shared = {(source, name) for file in FILES.values() for source, name in imports(file) if name}
    hidden = [
        (source, name)
        for source, name in sorted(shared)
        if source in MODULES and name not in public(MODULES[source])
    ]
    assert not hidden


def documented():
    """Return the public functions and classes of all modules, by their names.

    A claim has its statement and criterion as its docstring.
    """
    return {
        f"{module}.{node.name}": node
        for module, file in MODULES.items()
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name in public(file)
        and not any(ast.unparse(each).startswith("claim(") for each in node.decorator_list)
    }


DOCUMENTED = documented()


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_public_docstring_has_an_example_and_names_its_errors(name):
    inner = list(ast.walk(DOCUMENTED[name]))
    functions = [n for n in inner if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    text = "\n".join(ast.get_docstring(n) or "" for n in functions)
    assert (">>> " in text) != (name in WITHOUT_EXAMPLE)
    raises = any(isinstance(n, ast.Raise) for n in inner)
    assert not raises or "Raises\n------" in text or text.startswith("Raise ")


def test_a_clone_has_the_same_line_ends_everywhere(tmp_path):
    """Hashes of the sources and scripts would differ with the line ends of Windows."""
    root = PACKAGE.parent
    if not (root / ".git").exists():
        pytest.skip("not a clone")
    clone = ["git", "-c", "core.autocrlf=true", "clone", "--quiet", "--depth=1"]
    subprocess.run([*clone, root.as_uri(), str(tmp_path / "clone")], check=True)
    files = [tmp_path / "clone" / name for name in ("Makefile", ".ci/run", "lossnr/cli.py")]
    assert not any(b"\r" in file.read_bytes() for file in files)
