namespace VanBanDienTu.Pdf.Lint;

/// <summary>The names of what the lint finds.</summary>
public static class LintCodes
{
    /// <summary>A script: it can change fields when the document is opened.</summary>
    public const string JavaScript = "javascript";

    /// <summary>An action that starts a program or opens a file of the reader's machine.</summary>
    public const string Launch = "launch";

    /// <summary>An action that sends the form's data away or fetches data into it.</summary>
    public const string SubmitAction = "submit-action";

    /// <summary>An action that shows or hides parts of the page.</summary>
    public const string VisibilityAction = "visibility-action";

    /// <summary>A file inside the document.</summary>
    public const string EmbeddedFile = "embedded-file";

    /// <summary>Video, sound, 3D: what is seen depends on the program.</summary>
    public const string Multimedia = "multimedia";

    /// <summary>Content that is taken from outside the file, or has an alternative.</summary>
    public const string ExternalContent = "external-content";

    /// <summary>A layer that is hidden now, on the screen or on paper.</summary>
    public const string HiddenLayer = "hidden-layer";

    /// <summary>Layers, all shown now.</summary>
    public const string Layers = "layers";

    /// <summary>A form field that is hidden now.</summary>
    public const string HiddenField = "hidden-field";

    /// <summary>An annotation other than a field that is hidden now.</summary>
    public const string HiddenAnnotation = "hidden-annotation";

    /// <summary>A field that a page shows and the form does not know: filling and locking do not reach it.</summary>
    public const string FieldOutsideForm = "field-outside-form";

    /// <summary>Two fields in one place: one covers the other.</summary>
    public const string OverlappingFields = "overlapping-fields";

    /// <summary>Two fields of one name, of which a reader may show either value.</summary>
    public const string SameFieldName = "same-field-name";

    /// <summary>Readers are asked to draw the fields anew.</summary>
    public const string NeedAppearances = "need-appearances";

    /// <summary>A form in XFA: what is seen is made by a program.</summary>
    public const string Xfa = "xfa";

    /// <summary>A page or catalogue that nothing leads to: an alternative content in waiting.</summary>
    public const string UnreachablePage = "unreachable-page";

    /// <summary>Text that a picture covers: with the picture gone the page says something else.</summary>
    public const string CoveredText = "covered-text";

    /// <summary>A font that is not inside the file: the letters are those of the reader's machine.</summary>
    public const string FontNotEmbedded = "font-not-embedded";

    /// <summary>Bytes that another reader may read otherwise.</summary>
    public const string Structure = "structure";

    /// <summary>The file is encrypted.</summary>
    public const string Encrypted = "encrypted";

    /// <summary>A state-secret marking (dấu độ mật).</summary>
    public const string StateSecret = "state-secret";

    /// <summary>Too large to be looked through to the end.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        JavaScript, Launch, SubmitAction, VisibilityAction, EmbeddedFile, Multimedia, ExternalContent, HiddenLayer, Layers, HiddenField, HiddenAnnotation, FieldOutsideForm,
        OverlappingFields, SameFieldName, NeedAppearances, Xfa, UnreachablePage, CoveredText, FontNotEmbedded, Structure, Encrypted, StateSecret, Incomplete,
    ];
}
