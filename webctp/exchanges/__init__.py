"""China's six futures exchanges: products, trading sessions, calendar and instruments.

Data files that people can edit (`products.yaml`, `holidays.yaml`) and the pure rules that read
them: nothing here keeps time, does IO beyond reading those files, or needs the CTP binding. Every
moment is a naive `datetime` in China Standard Time, the exchanges' own clock. Values carry CTP's
own codes ('1', '2' …), so they fit a struct as they are.
"""
