using VanBanDienTu.Axis.Text;

namespace VanBanDienTu.Axis.Documents;

/// <summary>
/// Finds the marks of state secrets (Mật, Tối mật, Tuyệt mật). Such documents have their own numbering and ways (NĐ 30 Đ15.2) and never pass here.
/// </summary>
public static class Secrecy
{
    // The longer ones first: «tối mật» ends with «mật».
    private static readonly string[] Marks = ["tuyệt mật", "tối mật", "mật"];
    private static readonly char[] Dressing = ['[', ']', '(', ')', '{', '}', '"', '«', '»', '“', '”', '*', '-', '–', '—', ':', '.', ' ', '\t', '\n', '\r', '\u00A0'];

    /// <summary>The first mark among labels (a field whose whole text is a mark, «Độ mật: Tối mật» included), or null.</summary>
    public static string? Of(params ReadOnlySpan<string?> labels)
    {
        foreach (var label in labels)
        {
            if (label is not null && OfLabel(label) is { } mark)
                return mark;
        }
        return null;
    }

    /// <summary>
    /// The mark at the head or the tail of running text, set off by brackets or written in capitals before a dash or colon; null for words such as «bảo mật».
    /// </summary>
    public static string? OfSubject(string? text)
    {
        var subject = VietnameseText.Compose(text ?? "").Trim();
        if (subject.Length == 0)
            return null;
        if (OfLabel(subject) is { } whole)
            return whole;
        return Bracketed(subject, '(', ')') ?? Bracketed(subject, '[', ']') ?? Capitals(subject);
    }

    private static string? OfLabel(string label)
    {
        var text = VietnameseText.Compose(label).Trim(Dressing);
        foreach (var name in (ReadOnlySpan<string>)["độ mật", "mức độ mật", "dấu mật"])
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && text.Length > name.Length)
                text = text[name.Length..].Trim(Dressing);
        }
        return Marks.FirstOrDefault(m => string.Equals(m, text, StringComparison.OrdinalIgnoreCase));
    }

    private static string? Bracketed(string text, char open, char close)
    {
        if (text[0] == open && text.IndexOf(close) is > 0 and var end && OfLabel(text[1..end]) is { } head)
            return head;
        return text[^1] == close && text.LastIndexOf(open) is >= 0 and var start ? OfLabel(text[(start + 1)..^1]) : null;
    }

    private static string? Capitals(string text)
    {
        var cut = text.AsSpan().IndexOfAny("-–—:|");
        var head = cut > 0 ? text[..cut].Trim() : "";
        return Marks.FirstOrDefault(m => string.Equals(m.ToUpperInvariant(), head, StringComparison.Ordinal));
    }
}
