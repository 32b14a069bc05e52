using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay;

namespace VanBanDienTu.UnitTests.Gateway;

/// <summary>protos/README.md names every call and every reason; a page that nobody tests rots.</summary>
public sealed partial class ProtosReadmeTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "protos", "README.md"));

    [Fact]
    public void Every_call_is_in_the_readme()
    {
        FileDescriptor[] files =
        [
            OutgoingReflection.Descriptor, IncomingReflection.Descriptor, SigningReflection.Descriptor, VerificationReflection.Descriptor,
            AuditReflection.Descriptor, AxisReflection.Descriptor, OperationsReflection.Descriptor, DirectoryReflection.Descriptor,
        ];
        var rows = Readme.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        foreach (var service in files.SelectMany(file => file.Services))
            foreach (var method in service.Methods)
                Assert.Contains(rows, row => row.Contains($"`{service.Name}.", StringComparison.Ordinal)
                    && (row.Contains($"{service.Name}.{method.Name}`", StringComparison.Ordinal) || row.Contains($"`{method.Name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_reason_of_the_relay_is_in_the_readme() =>
        Assert.All(Enum.GetValues<RelayFault>(), fault => Assert.Contains($"`{fault.Code()}`", Readme, StringComparison.Ordinal));

    [Fact]
    public void Every_reason_that_the_gateway_gives_is_in_the_readme()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root, "src", "VanBanDienTu.Gateway"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));
        var reasons = sources.SelectMany(file => ReasonCode().Matches(File.ReadAllText(file)).Select(m => m.Groups["reason"].Value)).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(reasons.Count > 15, "The pattern finds the reasons in the sources.");
        Assert.All(reasons, reason => Assert.Contains($"`{reason}`", Readme, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<reason>[A-Z]+(_[A-Z]+)+)\"", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ReasonCode();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "protos", "README.md")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("protos/README.md is not above the tests.");
    }
}
