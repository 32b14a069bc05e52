using System.Reflection;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The program's version as it says to others.</summary>
internal static class NodeVersion
{
    public static string Text { get; } = typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
        .InformationalVersion.Split('+')[0] ?? "0";
}
