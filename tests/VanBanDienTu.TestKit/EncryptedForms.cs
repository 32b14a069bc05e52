namespace VanBanDienTu.TestKit;

/// <summary>Encrypts a PDF with qpdf, in every way that the standard security handler has.</summary>
public static class EncryptedForms
{
    public const string User = "mat-khau-mo";
    public const string Owner = "mat-khau-chu";

    /// <summary>By name, what qpdf is told after the passwords.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> All = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["rc4-40"] = ["40"],
        ["rc4-128"] = ["128", "--use-aes=n"],
        ["rc4-128-filters"] = ["128", "--use-aes=n", "--force-V4", "--cleartext-metadata"],
        ["aes-128"] = ["128", "--use-aes=y"],
        ["aes-256-r5"] = ["256", "--force-R5"],
        ["aes-256"] = ["256"],
        ["aes-256-open-metadata"] = ["256", "--cleartext-metadata"],
    };

    /// <summary>Writes <paramref name="input"/> encrypted to <paramref name="output"/>.</summary>
    public static string Encrypt(string input, string output, string form, string user = User, params string[] more)
    {
        var answer = ExternalTool.Run("qpdf", ["--allow-weak-crypto", "--encrypt", user, Owner, .. All[form], "--", .. more, input, output]);
        return answer.ExitCode == 0 ? output : throw new InvalidOperationException(answer.Output);
    }
}
