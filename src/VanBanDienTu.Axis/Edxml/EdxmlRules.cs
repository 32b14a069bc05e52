using System.Xml;
using VanBanDienTu.Axis.Documents;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>What a packet must keep besides its syntax. The lengths are those that other implementations enforce, not the standard's text.</summary>
public sealed record EdxmlRules
{
    public static EdxmlRules Default { get; } = new();

    /// <summary>Longest text in characters by path, such as <c>MessageHeader.Subject</c>; a longer one is a warning <c>R.</c>.</summary>
    public IReadOnlyDictionary<string, int> MaxLengths { get; init; } = EdxmlLengths.Default;

    /// <summary>All problems of a document, errors and warnings.</summary>
    public IReadOnlyList<EdxmlProblem> Check(EdxmlDocument document)
    {
        var problems = new ProblemList(int.MaxValue);
        foreach (var (path, text, required) in EdxmlTexts.Of(document))
            CheckText(path, text, required, problems);
        if (document.To.Count == 0)
            problems.Missing("MessageHeader.To", EdxmlSeverity.Error);
        CheckDuplicates(document, problems);
        CheckBussiness(document, problems);
        CheckSecrecy(document, problems);
        return problems.All;
    }

    /// <summary>All problems of a status, errors and warnings.</summary>
    public IReadOnlyList<EdxmlProblem> Check(EdxmlStatus status)
    {
        var problems = new ProblemList(int.MaxValue);
        foreach (var (path, text, required) in EdxmlTexts.Of(status))
            CheckText(path, text, required, problems);
        if (status.Description is null && status.StatusCode is EdxmlStatusCode.Rejected or EdxmlStatusCode.TakeBack or EdxmlStatusCode.ChangeRefused)
            problems.Missing("MessageHeader.Description", EdxmlSeverity.Warning);
        return problems.All;
    }

    private void CheckText(string path, string? text, bool required, ProblemList problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (required)
                problems.Missing(path, EdxmlSeverity.Error);
            return;
        }
        if (MaxLengths.TryGetValue(path, out var max) && text.Length > max)
            problems.Warn(
                "R." + path, $"{path} dài {text.Length} ký tự, nhiều hệ thống chỉ nhận {max}: hãy rút ngắn.",
                $"{path} has {text.Length} characters, many systems take {max} only: shorten it.");
        if (!IsXmlText(text))
            problems.Error(
                "M." + path, AxisFault.InvalidContent,
                $"{path} có ký tự điều khiển mà XML không cho phép: hãy xóa ký tự đó.", $"{path} has a control character that XML does not allow: remove it.");
    }

    private static void CheckDuplicates(EdxmlDocument document, ProblemList problems)
    {
        foreach (var twice in document.To.GroupBy(to => to.OrganId.Text, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            problems.Error(
                "D.MessageHeader.To.OrganId", AxisFault.InvalidContent,
                $"Nơi nhận {twice.Key} bị lặp: mỗi đơn vị chỉ được ghi một lần.", $"The receiver {twice.Key} is given more than once: name each unit once.");
    }

    private static void CheckBussiness(EdxmlDocument document, ProblemList problems)
    {
        const string path = "TraceHeaderList.Bussiness.";
        if (document.Bussiness is not { Type: not BussinessType.New } bussiness)
            return;
        if (bussiness.Reason is null)
            problems.Missing(path + "BussinessDocReason", EdxmlSeverity.Warning);
        if (bussiness is { Type: BussinessType.Update, DocumentId: null })
            problems.Missing(path + "DocumentId", EdxmlSeverity.Error);
        if (bussiness is { Type: BussinessType.Replace, Replacements.Count: 0 })
            problems.Missing(path + "ReplacementInfoList", EdxmlSeverity.Error);
    }

    private static void CheckSecrecy(EdxmlDocument document, ProblemList problems)
    {
        var mark = Secrecy.Of(document.DocumentType?.TypeName, document.Other?.SphereOfPromulgation)
            ?? Secrecy.OfSubject(document.Subject) ?? Secrecy.OfSubject(document.Content);
        if (mark is not null)
            problems.Error(
                "M.MessageHeader", AxisFault.SecretDocument,
                $"Văn bản có dấu «{mark}»: văn bản bí mật nhà nước không được gửi qua trục liên thông.",
                $"The document is marked «{mark}»: state secrets must not travel over the axis.");
    }

    private static bool IsXmlText(string text)
    {
        try
        {
            XmlConvert.VerifyXmlChars(text);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
