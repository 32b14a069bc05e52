"""Just enough of the protobuf encoding for the interop messages: varints, bytes, nested messages."""


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def encode(**fields):
    """encode(_1=5, _2=b"x"): a field per keyword, its number after the underscore; a list repeats the field."""
    out = bytearray()
    for name, values in fields.items():
        number = int(name[1:])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, int):
                out += varint(number << 3) + varint(value)
            else:
                out += varint(number << 3 | 2) + varint(len(value)) + value
    return bytes(out)


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def decode(data):
    """The fields by number, each a list of its values: int or bytes."""
    fields, at = {}, 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            raise ValueError("wire type %d" % (key & 7))
        fields.setdefault(key >> 3, []).append(value)
    return fields


def first(fields, number, default):
    return fields.get(number, [default])[0]


def payload(size):
    return encode(_2=bytes(size))


def payload_size(message, number):
    """The size of the body of the payload in this field."""
    return len(first(decode(first(decode(message), number, b"")), 2, b""))


def flag(message, number):
    """A BoolValue in this field: None when absent."""
    found = decode(message).get(number)
    return None if found is None else bool(first(decode(found[0]), 1, 0))
