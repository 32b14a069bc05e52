using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Collects what is wrong while a packet is read, up to a number that people can still read.</summary>
internal sealed class ProblemList(int max)
{
    private readonly List<EdxmlProblem> problems = [];
    private bool error;

    public IReadOnlyList<EdxmlProblem> All => problems;

    /// <summary>Also true when the error itself fell behind the list's end.</summary>
    public bool HasError => error;

    public void Add(EdxmlProblem problem)
    {
        // An error is never lost behind warnings: the first one is always listed.
        if (problems.Count < max || (problem.IsError && !error))
            problems.Add(problem);
        else if (problems.Count == max)
            problems.Add(new EdxmlProblem(
                "W.edXML", EdxmlSeverity.Warning, AxisFault.InvalidContent,
                $"Gói tin còn nhiều lỗi khác, chỉ liệt kê {max} lỗi đầu.", $"The packet has more problems; only the first {max} are listed."));
        error |= problem.IsError;
    }

    public void Add(IEnumerable<EdxmlProblem> more)
    {
        foreach (var problem in more)
            Add(problem);
    }

    public void Error(string code, AxisFault fault, string vi, string en, IXmlLineInfo? at = null) =>
        Add(At(new EdxmlProblem(code, EdxmlSeverity.Error, fault, vi, en), at));

    public void Warn(string code, string vi, string en, IXmlLineInfo? at = null) =>
        Add(At(new EdxmlProblem(code, EdxmlSeverity.Warning, AxisFault.InvalidContent, vi, en), at));

    public void Missing(string path, EdxmlSeverity severity, IXmlLineInfo? at = null) =>
        Add(At(Missing(path, severity), at));

    public static EdxmlProblem Missing(string path, EdxmlSeverity severity) => new(
        "N." + path, severity, AxisFault.InvalidContent,
        $"Thiếu {path}: hãy bổ sung phần tử này.", $"{path} is missing: add this element.");

    private static EdxmlProblem At(EdxmlProblem problem, IXmlLineInfo? at) =>
        at?.HasLineInfo() == true ? problem with { Line = at.LineNumber, Column = at.LinePosition } : problem;
}
