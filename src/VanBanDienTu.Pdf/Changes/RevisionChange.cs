namespace VanBanDienTu.Pdf;

/// <summary>What kind of change a later revision made.</summary>
public enum ChangeClass
{
    /// <summary>Material for long-term validation: DSS, extensions, document timestamps.</summary>
    Ltv,

    /// <summary>The value of a form field, with its appearance.</summary>
    FormFill,

    /// <summary>A further signature: its field, widget and value.</summary>
    Signature,

    /// <summary>An annotation.</summary>
    Annotation,

    /// <summary>Metadata and document information.</summary>
    Metadata,

    /// <summary>Anything that the whitelist does not understand.</summary>
    Undefined,
}

/// <summary>The sum of what happened after a signature.</summary>
public enum LaterChanges
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only what is allowed.</summary>
    Permitted,

    /// <summary>Something that is not allowed or not understood.</summary>
    Suspicious,
}

/// <summary>One change that a revision made.</summary>
/// <param name="Revision">The revision that made it, from 1.</param>
/// <param name="Class">Its class.</param>
/// <param name="Object">The object, e.g. <c>12 0</c>; or a place such as <c>trailer</c>, <c>end of file</c>.</param>
/// <param name="Allowed">Whether the whitelist allows it.</param>
/// <param name="Vi">The sentence in Vietnamese.</param>
/// <param name="En">The sentence in English.</param>
public sealed record RevisionChange(int Revision, ChangeClass Class, string Object, bool Allowed, string Vi, string En)
{
    /// <summary>The full name of the form field it concerns; null when none.</summary>
    public string? Field { get; init; }

    /// <summary>A harmless comment, or the order of comments: not allowed by itself, but by a certification that permits annotations (DocMDP 3).</summary>
    public bool IsComment { get; init; }
}
