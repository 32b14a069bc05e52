namespace VanBanDienTu.Pdf.Lint;

/// <summary>Something in a document that whoever is about to sign it should know of (điều cần lưu ý trước khi ký).</summary>
/// <param name="Code">A stable name, one of <see cref="LintCodes"/>.</param>
/// <param name="Object">The first object concerned, e.g. <c>12 0</c>; null when it is the whole file.</param>
/// <param name="Count">How many objects of that kind there are.</param>
/// <param name="Vi">The sentence in Vietnamese.</param>
/// <param name="En">The sentence in English.</param>
public sealed record LintFinding(string Code, string? Object, int Count, string Vi, string En);
