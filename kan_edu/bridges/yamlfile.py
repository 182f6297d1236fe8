"""A text in YAML: numbers, words, lists and names with values; nothing that would run when it is read."""


def read(path):
    """What the file holds, as a dict. ImportError without PyYAML, OSError, ValueError for anything but plain values."""
    try:
        import yaml
    except ImportError:
        raise ImportError('this bridge needs PyYAML. Type: pip install "kan-edu[bridges-torch]"') from None
    with open(path, encoding="utf-8") as file:
        try:
            held = yaml.safe_load(file)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            why = " ".join(str(error).split())[:300]
            words = f"{path} holds more than numbers, words and lists, or is damaged ({why}); expected what saveckpt of"
            mend = "after prune_input type there, and save again: del model.base_fun_name; model.base_fun_name = 'silu'"
            raise ValueError(f"{words} pykan 0.2.8 writes for a network of silu, identity or zero: {mend}") from None
    if not isinstance(held, dict):
        raise ValueError(f"{path} holds no names with values; expected what saveckpt of pykan 0.2.8 wrote")
    return held
