using System.Xml;
using System.Xml.Linq;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Opens a stranger's XML: no document types, no resolver, bounded depth and count.</summary>
internal static class EdxmlXml
{
    public static XmlReader Open(Stream input) => XmlReader.Create(input, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CheckCharacters = true,
        CloseInput = false,
    });

    /// <summary>The tree of an envelope; null, with the reason in <paramref name="problems"/>, when it is refused.</summary>
    public static XDocument? Load(ReadOnlyMemory<byte> envelope, EdxmlLimits limits, ProblemList problems)
    {
        if (envelope.Length > limits.MaxEnvelopeBytes)
        {
            TooLarge(limits, problems);
            return null;
        }
        try
        {
            // Counted before it is built, so that a tree never costs much more memory than its text.
            using (var counting = Open(Bytes(envelope)))
            {
                var guard = new XmlGuard(limits);
                while (counting.Read())
                    guard.Saw(counting);
            }
            using var reader = Open(Bytes(envelope));
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace | LoadOptions.SetLineInfo);
        }
        catch (XmlException refused)
        {
            NotXml(refused, problems);
            return null;
        }
        catch (AxisException refused)
        {
            problems.Error("M.edXML", refused.Fault, refused.Vi, refused.Message);
            return null;
        }
    }

    /// <summary>True when the root is today's; else the problem says which root it is.</summary>
    public static bool IsEdxmlRoot(string name, string ns, ProblemList problems)
    {
        if (name == EdxmlNames.Root && ns == EdxmlNames.Namespace)
            return true;
        if (ns is EdxmlNames.OldNamespace or EdxmlNames.SoapNamespace)
            problems.Error(
                "M.edXML", AxisFault.OldNamespace,
                $"Gói tin theo định dạng cũ trước năm 2016 ({ns}): hãy gửi lại theo QCVN 102:2016 ({EdxmlNames.Namespace}).",
                $"The packet has the format of before 2016 ({ns}): send it again as QCVN 102:2016 ({EdxmlNames.Namespace}).");
        else
            problems.Error(
                "M.edXML", AxisFault.NotEdxml,
                $"Đây không phải gói tin edXML: phần tử gốc là «{Shown(name)}» trong «{Shown(ns)}», phải là «edXML» trong «{EdxmlNames.Namespace}».",
                $"Not an edXML packet: the root is «{Shown(name)}» in «{Shown(ns)}», it must be «edXML» in «{EdxmlNames.Namespace}».");
        return false;
    }

    public static void NotXml(XmlException refused, ProblemList problems)
    {
        // The reader has no code for it, only this word.
        if (refused.Message.Contains("DTD", StringComparison.Ordinal))
            problems.Add(new EdxmlProblem(
                "M.edXML", EdxmlSeverity.Error, AxisFault.DtdForbidden,
                "Gói tin có khai báo DOCTYPE: hãy bỏ khai báo này rồi gửi lại.",
                "The packet has a DOCTYPE: remove it and send the packet again.", refused.LineNumber, refused.LinePosition));
        else if (refused.LineNumber == 0)
            problems.Error(
                "M.edXML", AxisFault.NotXml,
                "Gói tin rỗng hoặc không phải XML: hãy gửi lại tệp .edxml.", "The packet is empty or not XML at all: send the .edxml file again.");
        else
            problems.Add(new EdxmlProblem(
                "M.edXML", EdxmlSeverity.Error, AxisFault.NotXml,
                $"Gói tin không phải XML đúng cú pháp (dòng {refused.LineNumber}, cột {refused.LinePosition}): {refused.Message}",
                $"The packet is not well-formed XML: {refused.Message}", refused.LineNumber, refused.LinePosition));
    }

    public static void TooLarge(EdxmlLimits limits, ProblemList problems)
    {
        var limit = TooLarge(limits);
        problems.Error("R.edXML", limit.Fault, limit.Vi, limit.Message);
    }

    public static AxisException TooLarge(EdxmlLimits limits) => new(
        AxisFault.LimitExceeded,
        $"Phần XML ngoài tệp đính kèm lớn hơn {limits.MaxEnvelopeBytes} byte: hãy chia nhỏ nơi nhận hoặc rút gọn nội dung.",
        $"The XML outside the attachments is larger than {limits.MaxEnvelopeBytes} bytes: split the receivers or shorten the texts.");

    public static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static MemoryStream Bytes(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}

/// <summary>Counts elements and depth of XML that passes by.</summary>
internal sealed class XmlGuard(EdxmlLimits limits)
{
    private int elements;

    /// <exception cref="AxisException"><see cref="AxisFault.LimitExceeded"/>.</exception>
    public void Saw(XmlReader reader)
    {
        if (reader.NodeType != XmlNodeType.Element)
            return;
        if (reader.Depth >= limits.MaxDepth)
            throw new AxisException(
                AxisFault.LimitExceeded,
                $"Gói tin lồng nhau quá {limits.MaxDepth} cấp phần tử.", $"The packet nests elements deeper than {limits.MaxDepth} levels.");
        if (++elements > limits.MaxElements)
            throw new AxisException(
                AxisFault.LimitExceeded,
                $"Gói tin có hơn {limits.MaxElements} phần tử.", $"The packet has more than {limits.MaxElements} elements.");
    }
}
