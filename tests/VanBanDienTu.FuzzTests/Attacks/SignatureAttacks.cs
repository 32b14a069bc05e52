using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf;
using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Universal forgery and signature wrapping: the signature dictionary, its byte range, its value, its field.</summary>
internal static class SignatureAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("forged-contents", (s, r) => Value(s, "Contents", Pick(r, "null", "()", "<>", "<00>", "<3000>", $"{s.Free} 0 R", "[<30>]", "(0\x01)"))),
        new("forged-contents-missing", (s, r) => s.Update(p => p.Object(s.Signature.Value!.Value.Number, s.Without(s.Signature.Value!.Value, "Contents")))),
        new("forged-range", (s, r) => Value(s, "ByteRange", Pick(r, "null", "[]", "[0 0 0 0]", "[0 -1 9 9]", "[0 1 2 3 4 5]", "[0 10]", $"[0 {s.Bytes.Length} 0 0]", "[0 1 2 99999999999]", "[(a)]", "[0 9 5 10]", $"{s.Free} 0 R", "[1 2 3 4]", "[0 1.5 2 3]"))),
        new("forged-range-missing", (s, r) => s.Update(p => p.Object(s.Signature.Value!.Value.Number, s.Without(s.Signature.Value!.Value, "ByteRange")))),
        new("forged-both", (s, r) => s.Update(p => p.Object(s.Signature.Value!.Value.Number, Pick(r, "<<>>", "<</Type/Sig>>", "null", "<</Type/Sig/ByteRange[]/Contents<>>>", "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/x/ByteRange null/Contents null>>")))),
        new("forged-form-of-value", (s, r) => Value(s, Pick(r, ("SubFilter", "/adbe.x509.rsa_sha1"), ("SubFilter", "/none"), ("Filter", "/Other"), ("Reason", "(other)"), ("M", "(D:20000101)"), ("Name", "(Nobody)"), ("Reference", "[]"), ("Cert", "<30>")))),
        new("field-value-moved", (s, r) => s.Update(p => p.Object(s.Signature.Field!.Value.Number, s.With(s.Signature.Field!.Value, ("V", $"{s.Free} 0 R"))).Object(s.Free, s.With(s.Signature.Value!.Value)))),
        new("field-value-dropped", (s, r) => s.Update(p => p.Object(s.Signature.Field!.Value.Number, s.Without(s.Signature.Field!.Value, "V")))),
        new("field-renamed", (s, r) => s.Update(p => p.Object(s.Signature.Field!.Value.Number, s.With(s.Signature.Field!.Value, Pick(r, ("T", "(Other)"), ("FT", "/Tx"), ("F", "6"), ("Rect", "[0 0 600 800]"), ("AP", "<<>>")))))),
        new("field-dropped", (s, r) => s.Update(p => p.Free(s.Signature.Field!.Value.Number))),
        new("wrapped", (s, r) => Wrapped(s, r.Next(20, 400))),
        new("wrapped-with-update", (s, r) => s.Update(p => p.Stream(s.Content.Number, "", "BT (evil) Tj ET").Object(s.Signature.Value!.Value.Number, Widened(s)))),
        new("gap-filled", (s, r) => Gap(s, Pick(r, ">/Reason(evil)", "> /V 1 0 R", ">% x\n", "> ", ">\n", ">>>endobj 4 0 obj<<", "(x)"))),
        new("gap-not-hexadecimal", (s, r) => Gap(s, Pick(r, "zz", "  ", "%a", "\n\n", "\0\0", "(", "//"))),
        new("padding-filled", (s, r) => Gap(s, Convert.ToHexString(Encoding.ASCII.GetBytes("hidden in the padding")))),
        new("value-of-another", (s, r) => Another(s)),
        new("value-bent", (s, r) => Bent(s, r)),
        new("signed-byte-bent", (s, r) => Poke(s.Bytes, r.Next(20, (int)s.Signature.Signature!.ByteRange[1] - 20), b => (byte)(b ^ 1))),
        new("range-bent-in-place", (s, r) => InRange(s, r)),
    ];

    private static byte[] Value(AttackSample s, (string Key, string Value) entry) => Value(s, entry.Key, entry.Value);

    private static byte[] Value(AttackSample s, string key, string value) =>
        s.Update(p => p.Object(s.Signature.Value!.Value.Number, s.With(s.Signature.Value!.Value, (key, value))).Object(s.Free, key == "ByteRange" ? s.Entry(s.Signature.Value!.Value, key) : "<3000>"));

    /// <summary>What was signed second stands at the end now, and the range points there; between them is what the attacker likes.</summary>
    private static byte[] Wrapped(AttackSample s, int gap)
    {
        var range = s.Signature.Signature!.ByteRange;
        var (first, second) = ((int)range[1], (int)range[2]);
        var between = $"0000>/Evil({new string('x', gap)})>>\nendobj\n{s.Content.Number} 0 obj\n<<>>\nendobj\n";
        var text = s.Text[..(second - 5)] + between + s.Text[(int)range[2]..];
        var written = string.Create(CultureInfo.InvariantCulture, $"{range[0]} {range[1]} {range[2]} {range[3]}");
        var at = text.IndexOf("/ByteRange", StringComparison.Ordinal);
        var open = text.IndexOf('[', at);
        var close = text.IndexOf(']', open);
        var moved = string.Create(CultureInfo.InvariantCulture, $"0 {first} {second - 5 + between.Length} {range[3]}").PadRight(Math.Max(written.Length, close - open - 1));
        return Encoding.Latin1.GetBytes(text[..(open + 1)] + moved + text[close..]);
    }

    /// <summary>The dictionary once more, with a range whose gap holds the whole update.</summary>
    private static string Widened(AttackSample s)
    {
        var range = s.Signature.Signature!.ByteRange;
        return s.With(s.Signature.Value!.Value, ("ByteRange", string.Create(CultureInfo.InvariantCulture, $"[0 {range[1]} {range[2] + 1000} {range[3]}]")));
    }

    /// <summary>Writes into the padding at the end of /Contents, where no digest reaches.</summary>
    private static byte[]? Gap(AttackSample s, string text)
    {
        var end = (int)s.Signature.Signature!.ContentsSpan!.Value.End - 1;
        if (s.Text[(end - 60)..end].Trim('0').Length > 0)
            return null;
        return Encoding.Latin1.GetBytes(s.Text[..(end - 40)] + text + s.Text[(end - 40 + text.Length)..]);
    }

    /// <summary>The value of another signature, a good one.</summary>
    private static byte[] Another(AttackSample s)
    {
        var other = AttackSample.SignedAsync(AttackForm.Build(stream: false), new Signing.SignatureRequest()).GetAwaiter().GetResult();
        using var file = PdfFile.Open(PdfBytes.Of(other));
        var cms = Convert.ToHexString(file.SignatureFields[0].Signature!.Cms.Span);
        var span = s.Signature.Signature!.ContentsSpan!.Value;
        return Encoding.Latin1.GetBytes(s.Text[..(int)(span.Start + 1)] + cms.PadRight((int)span.Length - 2, '0') + s.Text[(int)(span.End - 1)..]);
    }

    private static byte[] Bent(AttackSample s, Random r)
    {
        var cms = s.Signature.Signature!.Cms.Length * 2;
        // The value itself ends the CMS; a digit there keeps the structure.
        return Poke(s.Bytes, (int)s.Signature.Signature!.ContentsSpan!.Value.Start + cms - r.Next(4, 40), b => b == '5' ? (byte)'6' : (byte)'5');
    }

    private static byte[] InRange(AttackSample s, Random r)
    {
        var at = s.Text.IndexOf("/ByteRange", StringComparison.Ordinal);
        var digits = Enumerable.Range(at + 11, 60).TakeWhile(i => s.Text[i] != ']').Where(i => char.IsAsciiDigit(s.Text[i])).ToArray();
        return Poke(s.Bytes, Pick(r, digits), b => (byte)(b == '9' ? '1' : b + 1));
    }

    private static byte[] Poke(byte[] bytes, int at, Func<byte, byte> change)
    {
        var copy = bytes.ToArray();
        copy[at] = change(copy[at]);
        return copy;
    }
}
