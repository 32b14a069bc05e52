using System.Text;
using System.Text.Json;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>A document system of today: another language, another author's reading of the protocol, its own process for every call.</summary>
internal sealed class VxpSystem(string endpoint, string rootFile, string systemId, string secretFile)
{
    private static readonly string Script = Find("vxp.py");

    public string SystemId => systemId;

    /// <summary>One operation with its arguments.</summary>
    public JsonElement Ask(params string[] words)
    {
        var answer = ExternalTool.Run(
            "/usr/bin/python3", ["-X", "utf8", Script, "--endpoint", endpoint, "--ca", rootFile, "--system", systemId, "--secret", secretFile, .. words]);
        Assert.True(answer.ExitCode is 0 or 1, answer.Output);
        return JsonElement.Parse(answer.Output);
    }

    /// <summary>One operation that must succeed.</summary>
    public JsonElement Do(params string[] words)
    {
        var answer = Ask(words);
        Assert.True(answer.GetProperty("status").GetString() == "OK", $"{string.Join(' ', words)}: {answer}");
        return answer;
    }

    /// <summary>One operation that must be refused with this code.</summary>
    public string Refused(string code, params string[] words)
    {
        var answer = Ask(words);
        Assert.Equal("FAIL", answer.GetProperty("status").GetString());
        Assert.Equal(code, answer.GetProperty("ErrorCode").GetString());
        return answer.GetProperty("ErrorDesc").GetString()!;
    }

    public string Send(string from, string type, string file, params string[] more) =>
        Do(["sendEdoc", $"from={from}", "servicetype=eDoc", $"messagetype={type}", "--file", file, .. more]).GetProperty("DocId").GetString()!;

    public List<JsonElement> Waiting(string type) =>
        [.. Do("getReceivedEdocList", "servicetype=eDoc", $"messagetype={type}").GetProperty("data").EnumerateArray()];

    public List<JsonElement> Sent(string type = "edoc") =>
        [.. Do("getSentEdocList", "servicetype=eDoc", $"messagetype={type}").GetProperty("data").EnumerateArray()];

    public byte[] Get(string docId, string file)
    {
        Do("getEdoc", $"docId={docId}", "filePath=x.edxml", "--out", file);
        return File.ReadAllBytes(file);
    }

    /// <summary>Waits for the only packet of the list.</summary>
    public async Task<JsonElement> ArrivedAsync(string type)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (Waiting(type) is [var only])
                return only;
            await Task.Delay(100);
        }

        throw new TimeoutException($"No {type} packet came for {systemId}.");
    }

    /// <summary>The packets of the protocol's description, byte for byte.</summary>
    public static string Sample(string name) => Encoding.UTF8.GetString(File.ReadAllBytes(Find(Path.Combine("..", "..", "..", "VanBanDienTu.UnitTests", "Axis", "samples", name))));

    internal static string Find(string name)
    {
        const string here = "tests/VanBanDienTu.IntegrationTests/Gateway/Vxp";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, here)))
                return Path.GetFullPath(Path.Combine(folder.FullName, here, name));
        throw new FileNotFoundException(name);
    }
}
