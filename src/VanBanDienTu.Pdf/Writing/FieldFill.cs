using VanBanDienTu.Pdf.Fonts;

namespace VanBanDienTu.Pdf;

/// <summary>A value for a text field, written in the same update as a signature: the number and date that a clerk adds after the leader signed.</summary>
/// <param name="Names">Full names or last parts of names; the first field that bears one of them is filled. Case, spaces and punctuation do not count.</param>
/// <param name="Text">The value.</param>
/// <param name="Font">Gives a font that has all its letters, for the field's new appearance; asked only when the field is there.</param>
/// <param name="What">What it is, for messages, in Vietnamese.</param>
/// <param name="WhatEnglish">The same in English.</param>
public sealed record FieldFill(IReadOnlyList<string> Names, string Text, Func<TrueTypeFont> Font, string What, string WhatEnglish)
{
    /// <summary>Nothing is wrong when the document has no such field, or has it filled already.</summary>
    public bool IfEmpty { get; init; }
}
