namespace VanBanDienTu.Cli.Demo;

/// <summary>The story did not go as told; the message says where and how.</summary>
internal sealed class DemoException(string message) : Exception(message);
