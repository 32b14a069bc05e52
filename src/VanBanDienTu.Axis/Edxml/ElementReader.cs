using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>One element read by its children's names, in any order and under any prefix; everything odd becomes a problem with its path.</summary>
internal sealed class ElementReader(XElement element, string path, ProblemList problems)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public XElement Element => element;

    /// <summary>The element's own text, trimmed; null when there is none.</summary>
    public string? OwnText => element.Value.Trim() is { Length: > 0 } text ? text : null;

    public bool Has(string name)
    {
        asked.Add(name);
        return element.Element(EdxmlNames.Ns + name) is not null;
    }

    public ElementReader? Child(string name)
    {
        asked.Add(name);
        var found = element.Elements(EdxmlNames.Ns + name).Take(2).ToList();
        if (found.Count == 2)
            problems.Warn(
                "D." + PathOf(name), $"{PathOf(name)} có nhiều lần, chỉ đọc lần đầu.", $"{PathOf(name)} is given more than once; only the first is read.",
                found[1]);
        return found.Count == 0 ? null : new ElementReader(found[0], PathOf(name), problems);
    }

    /// <summary>A child that paths leave out, as gateways on the axis do: they say <c>MessageHeader.To</c>, without the envelope around it.</summary>
    public ElementReader? Wrapper(string name) => Child(name) is { } found ? new ElementReader(found.Element, "", problems) : null;

    public IEnumerable<ElementReader> Children(string name)
    {
        asked.Add(name);
        return element.Elements(EdxmlNames.Ns + name).Select(e => new ElementReader(e, PathOf(name), problems));
    }

    public string? Text(string name, EdxmlSeverity? whenMissing = null)
    {
        var text = Child(name)?.OwnText;
        if (text is null && whenMissing is { } severity)
            Missing(name, severity);
        return text;
    }

    public IReadOnlyList<string> Texts(string list, string name)
    {
        var found = Child(list);
        var texts = found?.Children(name).Select(c => c.OwnText).OfType<string>().ToList() ?? [];
        found?.Done();
        return texts;
    }

    public int? Number(string name, EdxmlSeverity severity = EdxmlSeverity.Warning) => Number(name, Text(name), severity);

    public DateOnly? Date(string name, EdxmlSeverity severity = EdxmlSeverity.Warning)
    {
        if (Text(name) is not { } text)
            return null;
        if (!EdxmlTime.TryReadDate(text, out var date, out var odd))
        {
            Malformed(name, text, severity, EdxmlTime.DateFormat);
            return null;
        }
        if (odd)
            Malformed(name, text, EdxmlSeverity.Warning, EdxmlTime.DateFormat);
        return date;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text || text == "null")
            return null;
        var read = EdxmlTime.TryReadTime(text, out var time, out var odd);
        if (!read || odd)
            Malformed(name, text, EdxmlSeverity.Warning, EdxmlTime.TimeFormat);
        return read ? time : null;
    }

    public bool? Flag(string name)
    {
        var text = Text(name);
        switch (text?.ToLowerInvariant())
        {
            case null: return null;
            case "1" or "true": return true;
            case "0" or "false": return false;
            default:
                WrongType(name, text, EdxmlSeverity.Warning, "true/false (1/0)");
                return null;
        }
    }

    /// <summary>The code of a unit; an odd but usable form is a warning.</summary>
    public OrganId? Organ(string name, EdxmlSeverity? whenMissing) => AsOrgan(name, Text(name, whenMissing), whenMissing ?? EdxmlSeverity.Warning);

    /// <summary>This element's own text as the code of a unit.</summary>
    public OrganId? OwnOrgan() => AsOrgan("", OwnText, EdxmlSeverity.Warning);

    public void Missing(string name, EdxmlSeverity severity) => problems.Missing(PathOf(name), severity, Find(name) ?? element);

    public void Malformed(string name, string text, EdxmlSeverity severity, string expected) => Add(
        "M", name, severity,
        $"{PathOf(name)} «{EdxmlXml.Shown(text)}» sai định dạng: hãy viết {expected}.",
        $"{PathOf(name)} «{EdxmlXml.Shown(text)}» is malformed: write {expected}.");

    public void WrongType(string name, string text, EdxmlSeverity severity, string expected) => Add(
        "T", name, severity,
        $"{PathOf(name)} «{EdxmlXml.Shown(text)}» sai kiểu: cần {expected}.",
        $"{PathOf(name)} «{EdxmlXml.Shown(text)}» has the wrong type: it must be {expected}.");

    /// <summary>Warns of children that nobody asked for: an extension, a wrong case or a wrong namespace.</summary>
    public void Done()
    {
        foreach (var child in element.Elements().Where(e => e.Name.Namespace != EdxmlNames.Ns || !asked.Contains(e.Name.LocalName)))
        {
            if (child.Name.NamespaceName == EdxmlNames.SignatureNamespace)
                continue; // the standard's own optional signature
            var name = child.Name.LocalName;
            var meant = asked.FirstOrDefault(a => string.Equals(a, name, StringComparison.OrdinalIgnoreCase));
            var (vi, en) = meant switch
            {
                null => ("không thuộc QCVN 102:2016, được bỏ qua.", "is not part of QCVN 102:2016 and is ignored."),
                _ when meant == name => ($"thuộc không gian tên khác, được bỏ qua: hãy dùng {EdxmlNames.Namespace}.", $"is in another namespace and is ignored: use {EdxmlNames.Namespace}."),
                _ => ($"viết sai chữ hoa chữ thường, được bỏ qua: hãy viết {meant}.", $"has the wrong case and is ignored: write {meant}."),
            };
            problems.Warn("W." + PathOf(EdxmlXml.Shown(name)), $"{PathOf(EdxmlXml.Shown(name))} {vi}", $"{PathOf(EdxmlXml.Shown(name))} {en}", child);
        }
    }

    private int? Number(string name, string? text, EdxmlSeverity severity)
    {
        if (text is null)
        {
            // Official parsers stop at an empty number, so it is worth a word to its sender.
            if (element.Element(EdxmlNames.Ns + name) is not null)
                WrongType(name, "", EdxmlSeverity.Warning, "số nguyên / an integer");
            return null;
        }
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        WrongType(name, text, severity, "số nguyên / an integer");
        return null;
    }

    private OrganId? AsOrgan(string name, string? text, EdxmlSeverity severity)
    {
        if (text is null)
            return null;
        if (!OrganId.TryParse(text, out var id))
        {
            var code = text.Length > OrganId.MaxLength ? "R" : "M";
            Add(code, name, severity,
                $"{PathOf(name)} «{EdxmlXml.Shown(text)}» không phải mã định danh: tối đa {OrganId.MaxLength} ký tự như G12.18.",
                $"{PathOf(name)} «{EdxmlXml.Shown(text)}» is not an agency code: at most {OrganId.MaxLength} characters, such as G12.18.");
            return null;
        }
        if (id.Form == OrganIdForm.Odd)
            Add("W", name, EdxmlSeverity.Warning,
                $"{PathOf(name)} «{id}» không theo QĐ 20/2020 hay QCVN 102:2016: được giữ nguyên, hãy đối chiếu danh mục.",
                $"{PathOf(name)} «{id}» follows neither QĐ 20/2020 nor QCVN 102:2016: kept as it is, check it against the directory.");
        return id;
    }

    private void Add(string letter, string name, EdxmlSeverity severity, string vi, string en)
    {
        IXmlLineInfo at = Find(name) ?? element;
        problems.Add(new EdxmlProblem(
            $"{letter}.{PathOf(name)}", severity, AxisFault.InvalidContent, vi, en, at.LineNumber, at.LinePosition));
    }

    private XElement? Find(string name) => name.Length == 0 ? element : element.Element(EdxmlNames.Ns + name);

    private string PathOf(string name) => name.Length == 0 ? path : path.Length == 0 ? name : $"{path}.{name}";
}
