using System.Text.RegularExpressions;

namespace VanBanDienTu.UnitTests.Architecture;

/// <summary>Who may know whom. A project file says what is linked; the source says what is used through it.</summary>
public sealed partial class DependencyTests
{
    [Theory]
    [InlineData("VanBanDienTu.Grpc", "")]
    [InlineData("VanBanDienTu.Contracts", "Grpc")]
    [InlineData("VanBanDienTu.Pdf", "")]
    [InlineData("VanBanDienTu.Signing", "Pdf")]
    [InlineData("VanBanDienTu.Axis", "")]
    [InlineData("VanBanDienTu.Relay", "Signing Axis")]
    [InlineData("VanBanDienTu.Gateway", "Contracts Grpc Relay Signing Axis")]
    public void A_project_refers_to_these_projects_and_no_other(string project, string allowed)
    {
        var referenced = ProjectReference().Matches(Repository.ProjectFile(project)).Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal);
        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), referenced);
    }

    [Theory]
    [InlineData("VanBanDienTu.Pdf", "VanBanDienTu.Signing", "System.Security.Cryptography.Pkcs", "X509Certificates")]
    [InlineData("VanBanDienTu.Signing", "VanBanDienTu.Axis", "Microsoft.AspNetCore", "BouncyCastle")]
    [InlineData("VanBanDienTu.Axis", "VanBanDienTu.Signing")]
    [InlineData("VanBanDienTu.Relay", "VanBanDienTu.Contracts", "VanBanDienTu.Gateway", "Grpc.", "Microsoft.AspNetCore", "System.Xml", "VanBanDienTu.Pdf.Syntax")]
    [InlineData("VanBanDienTu.Grpc", "VanBanDienTu.Pdf", "VanBanDienTu.Signing", "VanBanDienTu.Axis", "VanBanDienTu.Relay")]
    [InlineData("VanBanDienTu.Cli", "Microsoft.Data.Sqlite", "VanBanDienTu.Relay.Storage")]
    public void A_project_does_not_mention(string project, params string[] foreign)
    {
        var found = from file in Repository.Sources(Path.Combine("src", project))
                    from line in File.ReadLines(file).Index()
                    where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
                    from word in foreign
                    where UsesNamespace(line.Item, word)
                    select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1} mentions {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void No_folder_is_named_after_a_mechanism()
    {
        string[] refused = ["Services", "Helpers", "Interfaces", "Utils", "Common", "Misc"];
        var found = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(folder => refused.Contains(Path.GetFileName(folder)));
        Assert.Empty(found);
    }

    [Fact]
    public void The_product_reads_the_clock_through_TimeProvider_only()
    {
        var found = from file in Repository.Sources("src")
                    from line in File.ReadLines(file).Index()
                    where Clock().IsMatch(line.Item)
                    select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}";
        Assert.Empty(found);
    }

    private static bool UsesNamespace(string line, string word) =>
        (line.Contains("using ", StringComparison.Ordinal) || line.Contains("global::", StringComparison.Ordinal))
        && Regex.IsMatch(line, @"(?<![\w.])" + Regex.Escape(word) + (word.EndsWith('.') ? "" : @"(?!\w)"), RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"ProjectReference Include=""\.\./VanBanDienTu\.(?<name>\w+)/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clock();
}
